export { Access, requireScope, type Permission } from './access.ts';
export { Group } from './group.entity.ts';
export { GroupsModule } from './groups.module.ts';
export { groupsById } from './groups.queries.ts';
export { GroupsResolver } from './groups.resolver.ts';
export { GroupsService, checkTimeZone } from './groups.service.ts';
export { Membership, Role } from './membership.entity.ts';
