import { IsLanguage, type Scope } from '#kernel';
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ArrayNotEmpty, IsEmail, IsOptional, IsTimeZone, IsUUID, Length, Max, Min } from 'class-validator';
import { ApiKeyScope } from './api-key.service.ts';

@InputType()
export class RequestSignInInput {
  @Field({ description: 'Where the link goes.' })
  @IsEmail({}, { message: 'Please check the e-mail address; it should look like name@example.org.' })
  email: string;

  @Field(() => String, { nullable: true, description: 'Path of ours to go to afterwards, such as `/events/spring`.' })
  @IsOptional()
  @Length(1, 500, { message: 'The path to return to is too long.' })
  returnTo?: string | null;
}

@InputType()
export class CreateApiKeyInput {
  @Field({ description: 'What you call it, 1 to 80 characters.' })
  @Length(1, 80, { message: 'Please give the key a name of up to 80 characters, so that you recognise it later.' })
  name: string;

  @Field(() => [ApiKeyScope], { description: 'What the key may be used for.' })
  @ArrayNotEmpty({ message: 'Please choose at least one scope: a key without any could not do a thing.' })
  scopes: Scope[];

  @Field(() => Int, { defaultValue: 365, description: 'Days until it ends, 1 to 730.' })
  @Min(1, { message: 'A key has to live for a day at least.' })
  @Max(730, { message: 'A key can live for two years (730 days) at most.' })
  expiresInDays: number;
}

@InputType()
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'Opaque; never changes.' })
  @IsUUID(undefined, { message: 'This is not the id of an API key.' })
  id: string;
}

@InputType()
export class UpdateViewerInput {
  @Field(() => String, { nullable: true, description: 'How you want to be called, 1 to 200 characters.' })
  @IsOptional()
  @Length(1, 200, { message: 'Please tell us how to call you, in up to 200 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'BCP 47, such as `pt-BR`; mail is written in it.' })
  @IsOptional()
  @IsLanguage()
  language?: string | null;

  @Field(() => String, { nullable: true, description: 'IANA, such as `Europe/Lisbon`; quiet hours are counted in it.' })
  @IsOptional()
  @IsTimeZone({ message: 'We do not know this time zone. Please use a name such as `Europe/Lisbon`.' })
  timeZone?: string | null;
}
