DROP INDEX `milestones_day`;--> statement-breakpoint
CREATE INDEX `milestones_told` ON `milestones` (`kind`,`told`,`day`,`case`,`no`);--> statement-breakpoint
CREATE INDEX `milestones_beyond` ON `milestones` (`kind`,`told`,`day`,`case`,`no`) WHERE "milestones"."beyond" > 0;--> statement-breakpoint
CREATE INDEX `milestones_agent` ON `milestones` (`agent`,`kind`,`told`,`day`,`case`,`no`);--> statement-breakpoint
DROP INDEX `tallies_month`;--> statement-breakpoint
CREATE INDEX `tallies_kind` ON `tallies` (`dimension`,`kind`,`month`,`key`,`told`,`days`,`count`,`amount`,`beyond`,`over`);