import { DomainError, type Actor } from '#kernel';
import { Injectable } from '@nestjs/common';
import type { AttendanceImport, FilePerson, ImportSummary } from './attendance-import.ts';
import type { ImportAttendanceInput } from './import.inputs.ts';
import { AttendanceImportService } from './import.service.ts';

const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/** What came of a file that was sent as one piece of text. */
export interface SmallImport {
  import: AttendanceImport | null;
  preview: { summary: ImportSummary; people: FilePerson[] };
}

/** Files small enough to travel in a GraphQL document. */
@Injectable()
export class SmallImportService {
  constructor(private readonly imports: AttendanceImportService) {}

  /** Shows what the file would do, or does it where that was asked for. Refusals as for larger files. */
  async import(actor: Actor, input: ImportAttendanceInput): Promise<SmallImport> {
    const file = fileIn(input.file);
    if (input.dryRun ?? true) {
      return this.imports.preview(actor, input.eventId, file, input, async ({ summary, people }) => {
        for await (const page of people) return { import: null, preview: { summary, people: page } };
        return { import: null, preview: { summary, people: [] } };
      });
    }
    const { importId, summary, undecided } = await this.imports.apply(actor, input.eventId, file, input);
    return { import: await this.imports.applied(importId), preview: { summary, people: undecided } };
  }
}

async function* fileIn(base64: string): AsyncGenerator<Uint8Array> {
  if (base64.trim() === '') return;
  if (!BASE64.test(base64))
    throw new DomainError('FILE_ENCODING', 'Please send the bytes of the file in base64.', 'file');
  yield Buffer.from(base64, 'base64');
}
