package store

import (
	"context"
	"database/sql"

	"muster/internal/muster"
)

// AddFile adds a file of an owner of settings.
func (tx *Tx) AddFile(ctx context.Context, level int64, owner string, f *muster.File) error {
	_, err := tx.exec(ctx, "add file", `
		INSERT INTO files (id, account_id, level, owner_id, name, kind, media_type, size, digest, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		f.ID, f.Account, level, owner, f.Name, f.Kind, f.MediaType, f.Size, f.Digest, millis(f.CreatedAt))
	return err
}

// File returns the file of the given id, of whatever account, or ErrNotFound.
func (tx *Tx) File(ctx context.Context, id string) (*muster.File, error) {
	var f muster.File
	var created int64
	err := tx.row(ctx, "read file", `SELECT id, account_id, name, kind, media_type, size, digest, created_at FROM files WHERE id = $1`,
		[]any{id}, []any{&f.ID, &f.Account, &f.Name, &f.Kind, &f.MediaType, &f.Size, &f.Digest, &created})
	if err != nil {
		return nil, err
	}
	f.CreatedAt = fromMillis(created)
	return &f, nil
}

// FileOfKind returns the id of the one file of a kind that an owner has, or
// ErrNotFound.
func (tx *Tx) FileOfKind(ctx context.Context, account string, level int64, owner, kind string) (id string, err error) {
	err = tx.row(ctx, "find file", `SELECT id FROM files WHERE account_id = $1 AND level = $2 AND owner_id = $3 AND kind = $4`,
		[]any{account, level, owner, kind}, []any{&id})
	return id, err
}

// RemoveFiles removes files of an owner by their ids.
func (tx *Tx) RemoveFiles(ctx context.Context, account string, level int64, owner string, ids []string) error {
	_, err := tx.exec(ctx, "remove files", `DELETE FROM files WHERE account_id = $1 AND level = $2 AND owner_id = $3 AND id IN (`+params(4, len(ids))+`)`,
		append([]any{account, level, owner}, anys(ids)...)...)
	return err
}

// RemoveFilesOf removes all files of an owner who is gone.
func (tx *Tx) RemoveFilesOf(ctx context.Context, account string, level int64, owner string) error {
	_, err := tx.exec(ctx, "remove files", `DELETE FROM files WHERE account_id = $1 AND level = $2 AND owner_id = $3`, account, level, owner)
	return err
}

// UsedDigests returns which of the digests files have.
func (tx *Tx) UsedDigests(ctx context.Context, digests []string) (map[string]bool, error) {
	used := map[string]bool{}
	if len(digests) == 0 {
		return used, nil
	}
	err := tx.rows(ctx, "find digests", `SELECT DISTINCT digest FROM files WHERE digest IN (`+params(1, len(digests))+`)`, anys(digests), func(rows *sql.Rows) error {
		var digest string
		err := rows.Scan(&digest)
		used[digest] = true
		return err
	})
	return used, err
}
