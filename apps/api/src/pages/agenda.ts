import { html, type Html } from '#kernel';
import { ResourceKind, type AgendaItem, type Event, type Resource } from '#events';
import { TEXTS } from './texts.ts';

/** What happens at a session, point by point; nothing where nobody said. */
export function agendaSection({ agenda, language }: Pick<Event, 'agenda' | 'language'>): Html | null {
  if (agenda.length === 0) return null;
  return html`<section class="prose" aria-labelledby="agenda">
    <h2 id="agenda">${TEXTS.agenda.heading}</h2>
    <ol lang="${language}" dir="auto">
      ${agenda.map(pointOf)}
    </ol>
  </section>`;
}

/** What to read or watch for a session, and what was shown there; nothing where there is nothing. */
export function resourcesSection({ resources, language }: Pick<Event, 'resources' | 'language'>): Html | null {
  if (resources.length === 0) return null;
  const text = TEXTS.agenda;
  const [before, after] = [ResourceKind.BEFORE, ResourceKind.AFTER].map((kind) =>
    resources.filter((resource) => resource.kind === kind),
  );
  return html`<section class="prose" aria-labelledby="resources">
    <h2 id="resources">${text.resources}</h2>
    ${linksOf(text.before, before ?? [], language)} ${linksOf(text.after, after ?? [], language)}
  </section>`;
}

function pointOf({ title, minutes, description }: AgendaItem): Html {
  return html`<li>
    <b>${title}</b>${minutes != null && html` <span class="soft">${TEXTS.agenda.minutes(minutes)}</span>`}
    ${description && html`<br />${description}`}
  </li>`;
}

function linksOf(heading: string, resources: Resource[], language: string): Html | null {
  if (resources.length === 0) return null;
  return html`<h3>${heading}</h3>
    <ul lang="${language}" dir="auto">
      ${resources.map(({ title, url }) => html`<li><a href="${url}">${title}</a></li>`)}
    </ul>`;
}
