CREATE TABLE `milestones` (
	`case` text NOT NULL,
	`kind` text NOT NULL,
	`no` integer NOT NULL,
	`day` text NOT NULL,
	`outcome` text NOT NULL,
	`due` text,
	`ended` text,
	`days` integer,
	`amount` integer,
	`beyond` integer,
	`agent` text,
	`product` text,
	`policy` integer NOT NULL,
	`told` text GENERATED ALWAYS AS (CASE WHEN kind = 'answer' AND outcome = 'answered' THEN CASE WHEN ended <= due THEN 'in-time' ELSE 'late' END ELSE outcome END) STORED,
	PRIMARY KEY(`case`, `kind`, `no`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `milestones_day` ON `milestones` (`kind`,`day`,`case`,`no`,`told`,`agent`,`product`,`policy`);--> statement-breakpoint
CREATE TABLE `tallies` (
	`dimension` text NOT NULL,
	`key` text NOT NULL,
	`month` text NOT NULL,
	`kind` text NOT NULL,
	`told` text NOT NULL,
	`days` integer NOT NULL,
	`count` integer NOT NULL,
	`amount` integer NOT NULL,
	`beyond` integer NOT NULL,
	`over` integer NOT NULL,
	PRIMARY KEY(`dimension`, `key`, `month`, `kind`, `told`, `days`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `tallies_month` ON `tallies` (`dimension`,`month`);
--> statement-breakpoint
-- What reports show is counted here, so that no writer of a milestone can forget it.
CREATE TRIGGER milestones_counted AFTER INSERT ON milestones
BEGIN
  INSERT INTO tallies (dimension, key, month, kind, told, days, "count", amount, beyond, "over")
  SELECT column1, column2, substr(NEW.day, 1, 7), NEW.kind, NEW.told, coalesce(NEW.days, -1), 1, coalesce(NEW.amount, 0), coalesce(NEW.beyond, 0), (coalesce(NEW.beyond, 0) > 0)
  FROM (VALUES ('all', ''), ('agent', coalesce(NEW.agent, '')), ('product', coalesce(NEW.product, '')), ('policy', CAST(NEW.policy AS text))) WHERE true
  ON CONFLICT (dimension, key, month, kind, told, days) DO UPDATE SET "count" = "count" + excluded."count", amount = amount + excluded.amount,
    beyond = beyond + excluded.beyond, "over" = "over" + excluded."over";
END;
--> statement-breakpoint
CREATE TRIGGER milestones_counted_anew AFTER UPDATE ON milestones
BEGIN
  INSERT INTO tallies (dimension, key, month, kind, told, days, "count", amount, beyond, "over")
  SELECT column1, column2, substr(OLD.day, 1, 7), OLD.kind, OLD.told, coalesce(OLD.days, -1), -1, -coalesce(OLD.amount, 0), -coalesce(OLD.beyond, 0), -(coalesce(OLD.beyond, 0) > 0)
  FROM (VALUES ('all', ''), ('agent', coalesce(OLD.agent, '')), ('product', coalesce(OLD.product, '')), ('policy', CAST(OLD.policy AS text))) WHERE true
  ON CONFLICT (dimension, key, month, kind, told, days) DO UPDATE SET "count" = "count" + excluded."count", amount = amount + excluded.amount,
    beyond = beyond + excluded.beyond, "over" = "over" + excluded."over";
  INSERT INTO tallies (dimension, key, month, kind, told, days, "count", amount, beyond, "over")
  SELECT column1, column2, substr(NEW.day, 1, 7), NEW.kind, NEW.told, coalesce(NEW.days, -1), 1, coalesce(NEW.amount, 0), coalesce(NEW.beyond, 0), (coalesce(NEW.beyond, 0) > 0)
  FROM (VALUES ('all', ''), ('agent', coalesce(NEW.agent, '')), ('product', coalesce(NEW.product, '')), ('policy', CAST(NEW.policy AS text))) WHERE true
  ON CONFLICT (dimension, key, month, kind, told, days) DO UPDATE SET "count" = "count" + excluded."count", amount = amount + excluded.amount,
    beyond = beyond + excluded.beyond, "over" = "over" + excluded."over";
  DELETE FROM tallies WHERE (dimension, key) IN (VALUES ('all', ''), ('agent', coalesce(OLD.agent, '')), ('product', coalesce(OLD.product, '')), ('policy', CAST(OLD.policy AS text)))
    AND month = substr(OLD.day, 1, 7) AND kind = OLD.kind AND told = OLD.told AND days = coalesce(OLD.days, -1) AND "count" = 0;
END;
--> statement-breakpoint
CREATE TRIGGER milestones_uncounted AFTER DELETE ON milestones
BEGIN
  INSERT INTO tallies (dimension, key, month, kind, told, days, "count", amount, beyond, "over")
  SELECT column1, column2, substr(OLD.day, 1, 7), OLD.kind, OLD.told, coalesce(OLD.days, -1), -1, -coalesce(OLD.amount, 0), -coalesce(OLD.beyond, 0), -(coalesce(OLD.beyond, 0) > 0)
  FROM (VALUES ('all', ''), ('agent', coalesce(OLD.agent, '')), ('product', coalesce(OLD.product, '')), ('policy', CAST(OLD.policy AS text))) WHERE true
  ON CONFLICT (dimension, key, month, kind, told, days) DO UPDATE SET "count" = "count" + excluded."count", amount = amount + excluded.amount,
    beyond = beyond + excluded.beyond, "over" = "over" + excluded."over";
  DELETE FROM tallies WHERE (dimension, key) IN (VALUES ('all', ''), ('agent', coalesce(OLD.agent, '')), ('product', coalesce(OLD.product, '')), ('policy', CAST(OLD.policy AS text)))
    AND month = substr(OLD.day, 1, 7) AND kind = OLD.kind AND told = OLD.told AND days = coalesce(OLD.days, -1) AND "count" = 0;
END;
