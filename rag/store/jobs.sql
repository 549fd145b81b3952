-- Changes to the library, the latest 100 that have ended and all that run.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    about TEXT NOT NULL,           -- what is ingested, as JSON
    process TEXT NOT NULL,
    began TIMESTAMPTZ NOT NULL DEFAULT now(),
    ended TIMESTAMPTZ,
    progress TEXT,                 -- JSON: rag.progress.Progress
    stop BOOLEAN NOT NULL DEFAULT FALSE,
    error TEXT                     -- JSON: rag.locales.message.Message
);
