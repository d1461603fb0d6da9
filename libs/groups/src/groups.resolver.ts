import { CurrentActor, Payload, done, type Actor } from '#kernel';
import { Args, Field, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Group } from './group.entity.ts';
import { CreateGroupInput, RemoveMemberInput, SetRoleInput, UpdateGroupInput } from './groups.inputs.ts';
import { GroupsService } from './groups.service.ts';

@ObjectType()
export class GroupPayload extends Payload {
  @Field(() => Group, { nullable: true, description: 'The group as it is now.' })
  group?: Group;
}

@Resolver(() => Group)
export class GroupsResolver {
  constructor(private readonly groups: GroupsService) {}

  @Query(() => Group, { nullable: true, description: 'A group by the name in its address.' })
  group(@Args('slug') slug: string): Promise<Group | null> {
    return this.groups.find(slug);
  }

  @Mutation(() => GroupPayload, {
    description: 'Creates a group and appoints its owner. For administrators of the site.',
  })
  async createGroup(@CurrentActor() actor: Actor, @Args('input') input: CreateGroupInput): Promise<GroupPayload> {
    return done({ group: await this.groups.create(actor, input) });
  }

  @Mutation(() => GroupPayload, { description: 'Changes what a group says about itself. For owners.' })
  async updateGroup(@CurrentActor() actor: Actor, @Args('input') input: UpdateGroupInput): Promise<GroupPayload> {
    return done({ group: await this.groups.update(actor, input) });
  }

  @Mutation(() => GroupPayload, { description: 'Gives a person a role in the group. For owners.' })
  async setRole(@CurrentActor() actor: Actor, @Args('input') input: SetRoleInput): Promise<GroupPayload> {
    return done({ group: await this.groups.setRole(actor, input) });
  }

  @Mutation(() => GroupPayload, {
    description: 'Takes a person out of the group; their registrations stay. For owners.',
  })
  async removeMember(@CurrentActor() actor: Actor, @Args('input') input: RemoveMemberInput): Promise<GroupPayload> {
    return done({ group: await this.groups.removeMember(actor, input) });
  }
}
