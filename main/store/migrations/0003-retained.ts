import type { Migration } from "../migrate.ts";

/** Kind bit 11 says retained, and bits 5 to 7 the state, of which 0 is accepted (stored-codes.ts). */
export const FILL_RETAINED = `
  DELETE FROM retained;
  INSERT INTO retained (topic_id, seq)
    SELECT topic_id, max(seq) FROM events WHERE kind & 2048 AND (kind >> 5) & 7 = 0 GROUP BY topic_id;
  DELETE FROM retained WHERE seq IN (SELECT seq FROM payloads JOIN retained USING (seq) WHERE length(body) = 0);
`;

/** Which event of a topic is its retained one: so that a start need not look through the whole log. */
export const addRetained: Migration = {
  name: "0003-retained",
  sql: `CREATE TABLE retained (topic_id INTEGER PRIMARY KEY, seq INTEGER NOT NULL); ${FILL_RETAINED}`,
};
