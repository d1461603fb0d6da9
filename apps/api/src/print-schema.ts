import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { writeFile } from 'node:fs/promises';
import { RESOLVERS } from './api.module.ts';

/** Writes the GraphQL schema, made from the code, to the file named on the command line. */
const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
const schema = await app.get(GraphQLSchemaFactory).create(RESOLVERS);
await writeFile(process.argv[2] ?? 'apps/api/src/schema.graphql', `${printSchema(lexicographicSortSchema(schema))}\n`);
await app.close();
