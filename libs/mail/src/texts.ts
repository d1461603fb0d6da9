import i18next, { type TFunction } from 'i18next';
import { en } from './texts/en.ts';

const catalogue = i18next.createInstance();
void catalogue.init({
  lng: 'en',
  fallbackLng: 'en',
  initAsync: false,
  resources: { en: { mail: en } },
  ns: ['mail'],
  defaultNS: 'mail',
  interpolation: { escapeValue: false }, // React escapes
});

export type MailText = TFunction<'mail'>;

/** The words of our mails in this language (BCP 47), or in English where we do not speak it yet. */
export function mailText(language: string): MailText {
  return catalogue.getFixedT(language, 'mail');
}
