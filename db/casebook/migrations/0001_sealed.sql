-- The record is only ever appended to. What is sealed is never changed, no entry is deleted or replaced, and none is added but after its predecessor.
CREATE TRIGGER entries_follow BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE "case" = NEW."case" AND seq = NEW.seq)
  OR (NEW.seq > 1 AND NOT EXISTS (SELECT 1 FROM entries WHERE "case" = NEW."case" AND seq = NEW.seq - 1 AND hash = NEW.prev))
  OR NEW.seq < 1
BEGIN
  SELECT RAISE(ABORT, 'record: an entry follows its predecessor');
END;
--> statement-breakpoint
CREATE TRIGGER entries_sealed BEFORE UPDATE OF "case", seq, at, kind, author_digest, digest, prev, hash ON entries
BEGIN
  SELECT RAISE(ABORT, 'record: a sealed column is never changed');
END;
--> statement-breakpoint
-- Erasure is the one exception: content, author and their salts become NULL, and only where an entry of the same record says so.
CREATE TRIGGER entries_erased BEFORE UPDATE OF content, salt, author, author_salt ON entries
WHEN (NEW.content IS NOT NULL AND NEW.content IS NOT OLD.content)
  OR (NEW.salt IS NOT NULL AND NEW.salt IS NOT OLD.salt)
  OR (NEW.author IS NOT NULL AND NEW.author IS NOT OLD.author)
  OR (NEW.author_salt IS NOT NULL AND NEW.author_salt IS NOT OLD.author_salt)
  OR NOT EXISTS (
    SELECT 1 FROM entries AS erasure, json_each(erasure.content, '$.entries') AS named
    WHERE erasure."case" = OLD."case" AND erasure.kind = 'custody.erased' AND named.value = OLD.seq)
BEGIN
  SELECT RAISE(ABORT, 'record: content is only erased, and only by an entry that says so');
END;
--> statement-breakpoint
CREATE TRIGGER entries_kept BEFORE DELETE ON entries
BEGIN
  SELECT RAISE(ABORT, 'record: an entry is never deleted');
END;
--> statement-breakpoint
CREATE TRIGGER checkpoints_once BEFORE INSERT ON checkpoints
WHEN EXISTS (SELECT 1 FROM checkpoints WHERE "case" = NEW."case" AND seq = NEW.seq)
BEGIN
  SELECT RAISE(ABORT, 'record: a checkpoint is made once');
END;
--> statement-breakpoint
CREATE TRIGGER checkpoints_sealed BEFORE UPDATE ON checkpoints
BEGIN
  SELECT RAISE(ABORT, 'record: a checkpoint is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER checkpoints_kept BEFORE DELETE ON checkpoints
BEGIN
  SELECT RAISE(ABORT, 'record: a checkpoint is never deleted');
END;
