-- Notebooks: user_version 1.
CREATE TABLE notebooks (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    key TEXT NOT NULL,             -- the name, folded
    used TEXT NOT NULL,            -- UTC, ISO 8601; the one used last is the default
    deleted TEXT                   -- when it was deleted; see PURGE_AFTER in notebooks.py
) STRICT;
CREATE UNIQUE INDEX notebook_names ON notebooks (key) WHERE deleted IS NULL;

CREATE TABLE entries (
    id TEXT PRIMARY KEY,
    notebook TEXT NOT NULL REFERENCES notebooks (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,        -- order in the notebook
    origin TEXT,                   -- what was kept: see keeping.origin; NULL for a note
    deleted TEXT,                  -- when it was removed
    record TEXT NOT NULL,          -- JSON: rag.notebooks.entries.Entry
    UNIQUE (notebook, origin)
) STRICT;
CREATE INDEX entries_of ON entries (notebook, place);
