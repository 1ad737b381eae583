import { writeFile } from 'node:fs/promises';
import { apiTypes, schemaFile } from './openapi.ts';

await writeFile(schemaFile, await apiTypes());
