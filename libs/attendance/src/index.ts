export { AttendanceModule } from './attendance.module.ts';
export { AttendanceResolver } from './attendance.resolver.ts';
export { CheckInService } from './check-in.service.ts';
export { CountsResolver } from './counts.resolver.ts';
export { JoinService, type JoinState, type Joining } from './join.service.ts';
export { SettleService } from './settle.service.ts';
export { SettleTask } from './settle.task.ts';
