CREATE TABLE `errands` (
	`case` text NOT NULL,
	`no` integer NOT NULL,
	`account` text NOT NULL,
	`due_on` text NOT NULL,
	PRIMARY KEY(`case`, `no`)
);
--> statement-breakpoint
CREATE INDEX `errands_account` ON `errands` (`account`,`due_on`,`case`,`no`);
--> statement-breakpoint
-- What waits in a stream is kept here, so that no writer of one can forget it.
CREATE TRIGGER streams_errands AFTER INSERT ON streams WHEN NEW.side = 'lender' AND json_valid(NEW.state)
BEGIN
  INSERT INTO errands ("case", no, account, due_on)
  SELECT NEW."case", value ->> '$.no', value ->> '$.to', coalesce(value ->> '$.on', '') FROM json_each(NEW.state, '$.errands') WHERE value ->> '$.done' = 0;
END;
--> statement-breakpoint
CREATE TRIGGER streams_errands_anew AFTER UPDATE OF state ON streams WHEN NEW.side = 'lender' AND json_valid(NEW.state)
BEGIN
  DELETE FROM errands WHERE "case" = NEW."case";
  INSERT INTO errands ("case", no, account, due_on)
  SELECT NEW."case", value ->> '$.no', value ->> '$.to', coalesce(value ->> '$.on', '') FROM json_each(NEW.state, '$.errands') WHERE value ->> '$.done' = 0;
END;
