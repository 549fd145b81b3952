-- Conversations: user_version 3.
ALTER TABLE conversations ADD COLUMN person TEXT;                          -- whose it is; NULL: everybody's
ALTER TABLE conversations ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;  -- counts changes
ALTER TABLE exchanges ADD COLUMN process TEXT;         -- the process that writes the answer, on a server
CREATE INDEX exchanges_written ON exchanges (process) WHERE process IS NOT NULL;
