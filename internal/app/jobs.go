package app

// The kinds of jobs. Who does them is handed in by cmd.
const (
	// JobPurge calls Purge; it is periodic.
	JobPurge = "purge"
)
