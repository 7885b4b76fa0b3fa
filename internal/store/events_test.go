package store

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"muster/internal/muster"
)

func TestEventsAreReadAsTheyWereAppended(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	full := muster.Event{
		ID: "b", Account: "acc", At: start, Kind: muster.MeetingUpdated, App: "app", User: "user", Meeting: 52704604957,
		Subjects: []string{"r1", "r2"}, Data: map[string]any{"occurrence_id": int64(1_900_000_000_007)},
	}
	plain := muster.Event{ID: "a", Account: "acc", At: start.Add(time.Second), Kind: muster.AppAdded}
	must(t, db.Write(ctx, func(tx *Tx) error {
		if err := tx.AppendEvent(ctx, &plain); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, &full)
	}))
	var got, none []muster.Event
	must(t, db.Read(ctx, func(tx *Tx) (err error) {
		if got, err = tx.Events(ctx, []string{"a", "absent", "b"}); err != nil {
			return err
		}
		none, err = tx.Events(ctx, nil)
		return err
	}))
	full.Data["occurrence_id"], plain.Data = json.Number("1900000000007"), map[string]any{}
	if want := []muster.Event{full, plain}; !reflect.DeepEqual(got, want) || none != nil {
		t.Errorf("got %+v and %+v, want %+v and none", got, none, want)
	}
}
