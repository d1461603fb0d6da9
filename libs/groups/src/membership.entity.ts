import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a person may do in a group, each role including the ones below it; see `access.ts`. */
export enum Role {
  OWNER = 'OWNER',
  ORGANIZER = 'ORGANIZER',
  HOST = 'HOST',
  MEMBER = 'MEMBER',
}
registerEnumType(Role, {
  name: 'Role',
  description: 'What a person may do in a group.',
  valuesMap: {
    OWNER: { description: 'Everything, including roles and the group itself.' },
    ORGANIZER: { description: 'Events, attendees and their contact data.' },
    HOST: { description: 'Door staff: check-in, names without contact data.' },
    MEMBER: { description: 'Belongs to the group.' },
  },
});

@Entity()
@ObjectType({ description: 'A person in a group.' })
export class Membership {
  @PrimaryColumn('uuid')
  groupId: string;

  @PrimaryColumn('uuid')
  personId: string;

  @Column('text')
  @Field(() => Role, { description: 'What the person does or may do.' })
  role: Role;

  @Column('timestamptz')
  @Field({ description: 'Since when the person has been in the group.' })
  createdAt: Date;
}
