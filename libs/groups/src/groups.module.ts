import { Module } from '@nestjs/common';
import { Access } from './access.ts';
import { GroupsService } from './groups.service.ts';

@Module({ providers: [Access, GroupsService], exports: [Access, GroupsService] })
export class GroupsModule {}
