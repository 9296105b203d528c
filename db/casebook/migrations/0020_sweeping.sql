DROP INDEX `cases_deadline`;--> statement-breakpoint
CREATE INDEX `cases_unanswered` ON `cases` (`id`,`last_at`) WHERE awaited = 'lender' AND stage = 'negotiating';--> statement-breakpoint
CREATE INDEX `cases_deadline` ON `cases` (`deadline`,`id`) WHERE deadline IS NOT NULL;--> statement-breakpoint
DROP INDEX `outbox_unsent`;--> statement-breakpoint
CREATE INDEX `outbox_unsent` ON `outbox` (`at`) WHERE sent_at IS NULL;--> statement-breakpoint
CREATE INDEX `leaving_at` ON `leaving` (`at`);