-- Draws the tables as a Mermaid diagram, from what PostgreSQL itself knows of them:
--   psql -XqAt -f docs/erd.sql boxoffice
WITH field AS (
  SELECT t.oid, t.relname, a.attnum, a.attname,
         translate(replace(replace(format_type(a.atttypid, a.atttypmod), 'character varying',
                                   'varchar'), 'timestamp without time zone', 'timestamp'),
                   '(,)', '__') AS type,
         EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'p'
                 AND a.attnum = ANY (k.conkey)) AS key,
         EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'f'
                 AND a.attnum = ANY (k.conkey)) AS reference
  FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT attisdropped
  WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace
    AND t.relname <> 'schema_migration')
SELECT '  ' || relname || E' {\n' ||
       string_agg('    ' || type || ' ' || attname ||
                  CASE WHEN key AND reference THEN ' PK,FK' WHEN key THEN ' PK'
                       WHEN reference THEN ' FK' ELSE '' END, E'\n' ORDER BY attnum) || E'\n  }'
FROM field GROUP BY relname ORDER BY relname COLLATE "C";

SELECT '  ' || confrelid::regclass ||
       CASE WHEN EXISTS (SELECT 1 FROM pg_constraint p WHERE p.conrelid = k.conrelid
                         AND p.contype IN ('p', 'u') AND p.conkey = k.conkey)
            THEN ' ||--o| ' ELSE ' ||--o{ ' END || conrelid::regclass || ' : ' || conname
FROM pg_constraint k WHERE contype = 'f' ORDER BY conname COLLATE "C";
