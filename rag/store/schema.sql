-- Articles, passages and the keyword index: authoritative. Chroma holds vectors that can be recomputed.
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL,            -- path or address that it was read from; may hold several articles
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    published TEXT,
    outlet TEXT,
    author TEXT,
    url TEXT,
    text TEXT NOT NULL,
    added TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done')),  -- pending: vectors incomplete
    identity TEXT NOT NULL DEFAULT '',  -- equal in exact copies
    copy_of TEXT,                       -- the article that owns the passages, if another
    left_out BLOB                       -- lines that reading dropped; NULL: an earlier version has read it
) STRICT;
CREATE INDEX IF NOT EXISTS articles_same ON articles (identity) WHERE copy_of IS NULL;
CREATE INDEX IF NOT EXISTS articles_copies ON articles (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS articles_published ON articles (published);
-- Covers the columns of article lists, so that they never read the texts in the same rows.
CREATE INDEX IF NOT EXISTS articles_shown
    ON articles (added DESC, id, title, language, published, outlet, source, copy_of);
CREATE INDEX IF NOT EXISTS articles_pending ON articles (state) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS articles_of ON articles (file);

-- Files that were read completely; an interrupted one is missing, or as it was before.
CREATE TABLE IF NOT EXISTS files (
    file TEXT PRIMARY KEY,
    digest TEXT NOT NULL,          -- SHA-256 of its content
    size INTEGER NOT NULL,         -- with modified_ns: unchanged files are not opened
    modified_ns INTEGER NOT NULL,
    reader INTEGER NOT NULL DEFAULT 0  -- version of the reader that has read it
) STRICT;

-- Folders and files that an ingestion was asked for: where `repair` looks for articles again.
CREATE TABLE IF NOT EXISTS roots (path TEXT PRIMARY KEY) STRICT;

-- Sources of articles that are read without cleaning, because a reader has asked for it.
CREATE TABLE IF NOT EXISTS as_is (source TEXT PRIMARY KEY, file TEXT NOT NULL) STRICT;

-- Pages and feed entries as they were fetched, compressed, so that they can be read again.
CREATE TABLE IF NOT EXISTS originals (
    file TEXT PRIMARY KEY,
    suffix TEXT NOT NULL,          -- says what the data are
    data BLOB NOT NULL             -- zlib
) STRICT;

-- Sources that gave no article: a file, an address, or a part of one.
CREATE TABLE IF NOT EXISTS skipped (
    source TEXT PRIMARY KEY,
    file TEXT NOT NULL,            -- may be missing in files: it may not have been opened
    reason TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS skipped_of ON skipped (file);

-- Metadata that a person has set, as JSON: the fields, and what was read of the same last.
CREATE TABLE IF NOT EXISTS mended (article TEXT PRIMARY KEY, fields TEXT NOT NULL, read TEXT NOT NULL) STRICT;

-- Named sets of articles. Members are ids: they outlive a removal and a new version of the file.
CREATE TABLE IF NOT EXISTS collections (
    name TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE       -- the name without case
) STRICT;
CREATE TABLE IF NOT EXISTS collected (
    collection TEXT NOT NULL REFERENCES collections (name) ON DELETE CASCADE ON UPDATE CASCADE,
    article TEXT NOT NULL,
    PRIMARY KEY (collection, article)
) STRICT, WITHOUT ROWID;

-- The groups of people that may see a collection; one without groups is for everybody.
CREATE TABLE IF NOT EXISTS collection_groups (
    collection TEXT NOT NULL REFERENCES collections (name) ON DELETE CASCADE ON UPDATE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (collection, name)
) STRICT, WITHOUT ROWID;

-- Links to conversations that people share.
CREATE TABLE IF NOT EXISTS shares (conversation TEXT PRIMARY KEY, link TEXT NOT NULL UNIQUE) STRICT;

-- Who did what: rows are only added. PostgreSQL's triggers are in audit.sql.
CREATE TABLE IF NOT EXISTS audit (
    id TEXT PRIMARY KEY,           -- in the order of time
    "when" TEXT NOT NULL,          -- UTC, ISO 8601
    person TEXT NOT NULL,
    action TEXT NOT NULL,
    about TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS audit_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER IF NOT EXISTS audit_deleted BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- HTTP validators of pages, for conditional requests.
CREATE TABLE IF NOT EXISTS visits (
    file TEXT PRIMARY KEY REFERENCES files (file) ON DELETE CASCADE,
    etag TEXT NOT NULL,
    modified TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT: an id is never reused, so a vector cannot be taken for that of another passage.
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    language TEXT NOT NULL,
    shard TEXT NOT NULL            -- the Chroma collection of its vector
) STRICT;
CREATE INDEX IF NOT EXISTS passages_of ON passages (article_id, ordinal);

-- Chroma collections, each of one language, with their numbers of passages.
CREATE TABLE IF NOT EXISTS shards (
    name TEXT PRIMARY KEY,
    language TEXT NOT NULL,
    passages INTEGER NOT NULL,
    server TEXT NOT NULL DEFAULT ''  -- address of the Chroma server that holds it; '': the data folder
) STRICT;

-- Vectors of deleted passages that Chroma has yet to delete.
CREATE TABLE IF NOT EXISTS doomed (id INTEGER PRIMARY KEY, shard TEXT NOT NULL) STRICT;

-- Mean vectors of each language (float32), for mean centring.
CREATE TABLE IF NOT EXISTS shifts (
    kind TEXT NOT NULL CHECK (kind IN ('passage', 'question')),
    language TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (kind, language)
) STRICT;

CREATE VIRTUAL TABLE IF NOT EXISTS keywords USING fts5 (
    words, tokenize = "porter unicode61 remove_diacritics 2"
);

-- Trash: articles that a reader removed; ingestion skips them until they are restored.
CREATE TABLE IF NOT EXISTS removed (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    published TEXT,
    outlet TEXT,
    author TEXT,
    url TEXT,
    removed TEXT NOT NULL,         -- time of removal
    text TEXT NOT NULL,
    copy_of TEXT,                  -- removed with this article, as its copy
    left_out BLOB
) STRICT;

-- Subscribed feeds, and their entries that were indexed.
CREATE TABLE IF NOT EXISTS feeds (
    address TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    minutes INTEGER NOT NULL,      -- between two fetches
    etag TEXT NOT NULL DEFAULT '',
    modified TEXT NOT NULL DEFAULT '',
    looked TEXT,                   -- time of the last fetch
    error TEXT                     -- its error
) STRICT;
CREATE TABLE IF NOT EXISTS feed_entries (
    feed TEXT NOT NULL REFERENCES feeds (address) ON DELETE CASCADE,
    entry TEXT NOT NULL,
    PRIMARY KEY (feed, entry)
) STRICT;
