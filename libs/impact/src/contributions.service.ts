import { cursorParts, isUuid, notFound, pageOf, pageSize, type Actor, type Page } from '#kernel';
import { inTransaction } from '#database';
import { requireScope } from '#groups';
import { record } from '#history';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Contribution } from './contribution.entity.ts';
import type { UpdateContributionInput } from './impact.inputs.ts';

/** A person's own impact record. Nobody else reads or changes it. */
@Injectable()
export class ContributionsService {
  constructor(private readonly db: DataSource) {}

  /** The entries of whoever asks, newest first. */
  async page(actor: Actor, first: number | null, after: string | null): Promise<Page<Contribution>> {
    requireScope(actor, 'impact');
    const size = pageSize(first);
    const mine = this.db.manager
      .createQueryBuilder(Contribution, 'contribution')
      .where('contribution.personId = :personId', { personId: actor.personId });
    const paged = mine
      .clone()
      .orderBy('contribution.happenedOn', 'DESC')
      .addOrderBy('contribution.id', 'DESC')
      .limit(size + 1);
    if (after) {
      paged.andWhere('(contribution.happenedOn, contribution.id) < (:at, :id)', cursorParts(after));
    }
    return pageOf(
      await paged.getMany(),
      size,
      ({ happenedOn, id }) => [happenedOn, id],
      () => mine.getCount(),
    );
  }

  /** The person confirms, words or hides an entry. Its numbers are not theirs to change, only to explain. */
  async update(actor: Actor, { contributionId, ...words }: UpdateContributionInput): Promise<Contribution> {
    requireScope(actor, 'impact');
    return inTransaction(this.db, async (tx) => {
      const contribution = isUuid(contributionId)
        ? await tx.findOne(Contribution, { where: { id: contributionId }, lock: { mode: 'for_no_key_update' } })
        : null;
      if (!contribution || contribution.personId !== actor.personId) throw notFound('contribution', 'contributionId');
      for (const [key, value] of Object.entries(words))
        if (value !== undefined && value !== null) Object.assign(contribution, { [key]: value });
      await tx.save(contribution);
      await record(tx, actor, [
        {
          act: 'contribution.updated',
          subjectId: contribution.id,
          groupId: null,
          details: { state: contribution.state },
        },
      ]);
      return contribution;
    });
  }
}
