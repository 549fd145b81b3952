-- Notebooks: user_version 2.
ALTER TABLE notebooks ADD COLUMN person TEXT;   -- whose it is; NULL: everybody's
DROP INDEX notebook_names;
CREATE UNIQUE INDEX notebook_names ON notebooks (coalesce(person, ''), key) WHERE deleted IS NULL;
