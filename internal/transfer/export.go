package transfer

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"muster/internal/client"
	"muster/internal/roster"
)

// ExportOptions say whom to export and where to. Client and Meeting are needed,
// and one of File and Out.
type ExportOptions struct {
	Client     *client.Client
	Dialect    string   // zoom or "", or webex
	Meeting    string   // its number, for webex its id
	Occurrence string   // only those of that occurrence, "" for all
	Statuses   []string // nil for pending, approved and denied
	File       string   // written whole or not at all, for its owner only
	Out        io.Writer
	BOM        bool                  // begin with a byte order mark, which Excel needs to read UTF-8
	Progress   func(done, total int) // total is of the status being read and those before; may be nil

	api dialect
}

// Export writes everybody with status, answers and link as CSV and returns how
// many they are. Cells that a spreadsheet would run have an apostrophe before
// them; an import takes it away again.
func Export(ctx context.Context, o ExportOptions) (n int, err error) {
	switch {
	case o.Client == nil:
		return 0, errors.New("no server to export from: set --url and the credentials")
	case o.Meeting == "":
		return 0, errors.New("no meeting to export: set --meeting")
	case (o.File == "") == (o.Out == nil):
		return 0, errors.New("an export needs one place to go to: a file or an output")
	}
	if o.api, err = dialectOf(o.Dialect, o.Client); err != nil {
		return 0, err
	}
	if o.Meeting, err = o.api.meeting(o.Meeting); err != nil {
		return 0, err
	}
	if o.Statuses == nil {
		// In the order in which people move, so that one who is approved
		// meanwhile is met at least once.
		o.Statuses = []string{"pending", "approved", "denied"}
	}
	spool, err := os.CreateTemp("", "muster-export-*")
	if err != nil {
		return 0, fmt.Errorf("export: %w", err)
	}
	defer func() {
		_ = spool.Close() // only read again below
		_ = os.Remove(spool.Name())
	}()
	titles, n, err := collect(ctx, o, spool)
	if err != nil {
		return 0, explain(o.api, err, o.Meeting)
	}
	if o.Out != nil {
		return n, write(o, spool, titles, o.Out)
	}
	return n, replace(o.File, func(f *os.File) error { return write(o, spool, titles, f) })
}

// collect keeps the people in spool, one JSON object a line: the header needs
// the titles of all answers before the first row.
func collect(ctx context.Context, o ExportOptions, spool io.Writer) (titles []string, n int, err error) {
	out := bufio.NewWriter(spool)
	lines := json.NewEncoder(out)
	known, seen := map[string]bool{}, map[string]bool{}
	add := func(title string) {
		if !known[title] {
			known[title] = true
			titles = append(titles, title)
		}
	}
	if asked, err := o.api.questions(ctx, o.Meeting); err == nil {
		for _, title := range asked {
			add(title)
		}
	} else if hopeless(o.api, err) {
		return nil, 0, err
	}
	before := 0
	for _, status := range o.Statuses {
		total := 0
		err := o.api.registrants(ctx, &o, status, func(page []listed, all int) error {
			total = before + all
			for _, r := range page {
				// A server that takes no status gives everybody each time.
				id := r.ID
				if id == "" {
					id = strings.ToLower(r.Values[roster.Email])
				}
				if seen[id] {
					continue
				}
				seen[id] = true
				n++
				for _, title := range r.titles {
					add(title)
				}
				if err := lines.Encode(r.Registrant); err != nil {
					return fmt.Errorf("export: %w", err)
				}
			}
			if o.Progress != nil {
				o.Progress(n, max(total, n))
			}
			return nil
		})
		if err != nil {
			return nil, 0, err
		}
		before = total
	}
	if err := out.Flush(); err != nil {
		return nil, 0, fmt.Errorf("export: %w", err)
	}
	return titles, n, nil
}

func write(o ExportOptions, spool io.ReadSeeker, titles []string, to io.Writer) error {
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if o.BOM {
		if _, err := io.WriteString(to, "\ufeff"); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	out, err := roster.NewExportWriter(to, o.api.knows, titles)
	if err != nil {
		return err
	}
	rows := json.NewDecoder(bufio.NewReader(spool))
	for {
		var row roster.Registrant
		err := rows.Decode(&row)
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
}
