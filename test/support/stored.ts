import type { DataSource } from 'typeorm';

/** All that is stored, table by table. Of API keys the hour of their last use may change; nobody asks for that. */
export async function everythingStored(db: DataSource): Promise<Record<string, string>> {
  const tables: { name: string }[] = await db.query(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_schema IN ('public', 'graphile_worker') AND table_type = 'BASE TABLE' AND table_name <> 'api_key'`,
  );
  const stored: Record<string, string> = {};
  for (const { name } of tables) {
    const [{ rows }] = await db.query(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS rows FROM ${name} AS t`,
    );
    stored[name] = rows;
  }
  return stored;
}
