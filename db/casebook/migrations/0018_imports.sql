CREATE TABLE `import_problems` (
	`import` text NOT NULL,
	`piece` integer NOT NULL,
	`n` integer NOT NULL,
	`row` integer NOT NULL,
	`column` text,
	`said` text NOT NULL,
	PRIMARY KEY(`import`, `piece`, `n`)
);
--> statement-breakpoint
CREATE TABLE `imported` (
	`case` text PRIMARY KEY NOT NULL,
	`import` text,
	`claim` text
);
--> statement-breakpoint
CREATE INDEX `imported_import` ON `imported` (`import`,`case`);--> statement-breakpoint
CREATE TABLE `imports` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`name` text NOT NULL,
	`file` text NOT NULL,
	`at` text NOT NULL,
	`state` text DEFAULT 'mapping' NOT NULL,
	`rows` integer NOT NULL,
	`pieces` integer NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`created` integer DEFAULT 0 NOT NULL,
	`unchanged` integer DEFAULT 0 NOT NULL,
	`refused` integer DEFAULT 0 NOT NULL,
	`columns` text DEFAULT '{}' NOT NULL,
	`invites` integer DEFAULT false NOT NULL,
	`language` text DEFAULT 'zh' NOT NULL,
	`begun_at` text,
	`ended_at` text,
	`held_until` text
);
--> statement-breakpoint
CREATE INDEX `imports_at` ON `imports` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `imports_unfinished` ON `imports` (`id`) WHERE state IN ('checking', 'running');--> statement-breakpoint
CREATE TABLE `mappings` (
	`head` text PRIMARY KEY NOT NULL,
	`columns` text NOT NULL,
	`at` text NOT NULL
);
