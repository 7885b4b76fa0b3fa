package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"
)

// A Job is something to be done outside of the request that asked for it. It
// is done at least once: by whoever claims it, and again by somebody else
// where the lease ends before FinishJobs, RetryJobs or RepeatJobs.
type Job struct {
	ID      string
	Kind    string
	Account string // "" if it is no account's
	Subject string // id of what it is about, such as an event's; "" if none
	Data    string
	// RunAt is when it is due, the zero time for at once; in a job that was
	// claimed, when the lease ends. All jobs of one claim have one RunAt, and
	// no two claims of a job have the same.
	RunAt     time.Time
	Attempts  int64 // how often it has failed or was interrupted
	CreatedAt time.Time
}

// EnsureJob adds j unless there is a job of its id.
func (tx *Tx) EnsureJob(ctx context.Context, j *Job) error {
	_, err := tx.exec(ctx, "add job", `
		INSERT INTO jobs (id, kind, account_id, subject, data, run_at, attempts, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO NOTHING`,
		j.ID, j.Kind, j.Account, j.Subject, j.Data, max(millis(j.RunAt), millis(tx.Now)), 0, millis(tx.Now))
	return err
}

// JobDue reports whether a job of the kind is due.
func (tx *Tx) JobDue(ctx context.Context, kind string) (bool, error) {
	var id string
	err := tx.row(ctx, "look for jobs", `SELECT id FROM jobs WHERE kind = $1 AND run_at <= $2 ORDER BY run_at LIMIT 1`,
		[]any{kind, millis(tx.Now)}, []any{&id})
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// ClaimJobs takes up to limit jobs of the kind that are due and returns them,
// the longest due first as far as that is known. For as long as the lease lasts
// nobody else gets them.
func (tx *Tx) ClaimJobs(ctx context.Context, kind string, lease time.Duration, limit int) ([]Job, error) {
	until := tx.Now.Add(lease)
	var jobs []Job
	// The second look at run_at is for Postgres: where another node has claimed
	// a row that the inner query chose, the update waits for that node and then
	// asks the outer condition, and only that, of the row as it has become.
	err := tx.rows(ctx, "claim jobs", `
		UPDATE jobs SET run_at = $1
		WHERE id IN (SELECT id FROM jobs WHERE kind = $2 AND run_at <= $3 ORDER BY run_at LIMIT $4) AND run_at <= $3
		RETURNING id, account_id, subject, data, attempts, created_at`,
		[]any{millis(until), kind, millis(tx.Now), limit}, func(rows *sql.Rows) error {
			j := Job{Kind: kind, RunAt: until}
			var created int64
			err := rows.Scan(&j.ID, &j.Account, &j.Subject, &j.Data, &j.Attempts, &created)
			j.CreatedAt = fromMillis(created)
			jobs = append(jobs, j)
			return err
		})
	slices.SortFunc(jobs, func(a, b Job) int { return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID)) })
	return jobs, err
}

// FinishJobs removes jobs of one claim, which are done. Those whose lease has
// ended and that somebody else has claimed stay as they are.
func (tx *Tx) FinishJobs(ctx context.Context, jobs []Job) error {
	return tx.endJobs(ctx, "finish jobs", `DELETE FROM jobs`, jobs)
}

// RetryJobs makes jobs of one claim, which have failed, due at t, under the
// condition of FinishJobs.
func (tx *Tx) RetryJobs(ctx context.Context, jobs []Job, t time.Time) error {
	return tx.endJobs(ctx, "retry jobs", `UPDATE jobs SET run_at = $1, attempts = attempts + 1`, jobs, millis(t))
}

// RepeatJobs makes jobs of one claim, which are done for this time, due again
// at t, under the condition of FinishJobs.
func (tx *Tx) RepeatJobs(ctx context.Context, jobs []Job, t time.Time) error {
	return tx.endJobs(ctx, "repeat jobs", `UPDATE jobs SET run_at = $1, attempts = 0`, jobs, millis(t))
}

// endJobs runs a statement on those of the jobs whose lease is still the one
// that they were claimed with.
func (tx *Tx) endJobs(ctx context.Context, doing, statement string, jobs []Job, args ...any) error {
	if len(jobs) == 0 {
		return nil
	}
	args = append(args, millis(jobs[0].RunAt))
	where := ` WHERE run_at = ` + params(len(args), 1) + ` AND id IN (` + params(len(args)+1, len(jobs)) + `)`
	for _, j := range jobs {
		args = append(args, j.ID)
	}
	_, err := tx.exec(ctx, doing, statement+where, args...)
	return err
}
