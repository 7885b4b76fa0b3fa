package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"muster/internal/app"
	"muster/internal/muster"
)

// firstStart makes the primary account where there is none and prints its
// credentials, this once.
func firstStart(ctx context.Context, a *app.App, base string, out io.Writer, log *slog.Logger) error {
	asked := app.NewAccount{
		ID: os.Getenv("MUSTER_ACCOUNT_ID"), ClientID: os.Getenv("MUSTER_CLIENT_ID"),
		ClientSecret: os.Getenv("MUSTER_CLIENT_SECRET"), OwnerEmail: os.Getenv("MUSTER_OWNER_EMAIL"),
	}
	made, existing, err := a.Bootstrap(ctx, asked)
	if err != nil {
		return fmt.Errorf("make the first account: %w", plain(err, byVariable))
	}
	if made == nil {
		return warnOfOthers(ctx, a, asked, existing, log)
	}
	fmt.Fprintf(out, "This is the first start. A primary account, its owner and a first app were made.\n")
	printCredentials(out, base, made, asked)
	return nil
}

// printCredentials prints what was made up, as lines for a shell; what came
// from the environment is there already.
func printCredentials(out io.Writer, base string, made *app.Credentials, asked app.NewAccount) {
	if asked.ID == "" || asked.ClientID == "" || asked.ClientSecret == "" || asked.OwnerEmail == "" {
		fmt.Fprintf(out, "Keep these lines, they are shown only once:\n")
	}
	fmt.Fprintf(out, "\nexport MUSTER_URL=%s\n", base)
	for _, v := range []struct{ name, value, given string }{
		{"MUSTER_ACCOUNT_ID", made.AccountID, asked.ID},
		{"MUSTER_CLIENT_ID", made.ClientID, asked.ClientID},
		{"MUSTER_CLIENT_SECRET", made.ClientSecret, asked.ClientSecret},
		{"MUSTER_OWNER_EMAIL", made.OwnerEmail, asked.OwnerEmail},
	} {
		if v.given == "" && v.value != "" {
			fmt.Fprintf(out, "export %s=%s\n", v.name, v.value)
		}
	}
	fmt.Fprintf(out, "\nA token for an hour:\n\n%s\n\n", tokenCurl)
}

// tokenCurl asks for a token, with the variables that the lines above it set.
const tokenCurl = `curl -s -X POST -u "$MUSTER_CLIENT_ID:$MUSTER_CLIENT_SECRET" \
  "$MUSTER_URL/oauth/token?grant_type=account_credentials&account_id=$MUSTER_ACCOUNT_ID"`

// warnOfOthers says, once and without any secret, that values of the
// environment that differ from what is stored are not used.
func warnOfOthers(ctx context.Context, a *app.App, asked app.NewAccount, existing string, log *slog.Logger) error {
	var ignored []string
	if asked.ID != "" && asked.ID != existing {
		ignored = append(ignored, "MUSTER_ACCOUNT_ID")
	}
	if asked.ClientID != "" || asked.ClientSecret != "" {
		_, err := a.Client(ctx, asked.ClientID, asked.ClientSecret)
		if errors.Is(err, app.ErrBadClient) {
			ignored = append(ignored, "MUSTER_CLIENT_ID", "MUSTER_CLIENT_SECRET")
		} else if err != nil {
			return err
		}
	}
	if asked.OwnerEmail != "" {
		same, err := a.OwnerIs(ctx, existing, asked.OwnerEmail)
		if err != nil {
			return err
		}
		if !same {
			ignored = append(ignored, "MUSTER_OWNER_EMAIL")
		}
	}
	if len(ignored) > 0 {
		log.Warn("these variables differ from what is stored and are ignored: the account was made at the first start", "variables", strings.Join(ignored, ", "))
	}
	return nil
}

// printApp prints new credentials as lines for a shell.
func printApp(out io.Writer, c *app.Credentials) {
	fmt.Fprintf(out, "Keep these lines, they are shown only once:\n\n")
	fmt.Fprintf(out, "export MUSTER_ACCOUNT_ID=%s\nexport MUSTER_CLIENT_ID=%s\nexport MUSTER_CLIENT_SECRET=%s\n", c.AccountID, c.ClientID, c.ClientSecret)
	if c.OwnerEmail != "" {
		fmt.Fprintf(out, "export MUSTER_OWNER_EMAIL=%s\n", c.OwnerEmail)
	}
}

// plain tells a refusal of a use case in the words of a command line. Name
// says how the person calls a field.
func plain(err error, name func(field string) string) error {
	e, ok := errors.AsType[*muster.Error](err)
	if !ok {
		return err
	}
	var sentences []string
	if e.Detail != "" {
		sentences = append(sentences, e.Detail)
	}
	for _, p := range e.Problems {
		sentences = append(sentences, name(p.Field)+" "+p.Rule)
	}
	return errors.New(strings.Join(sentences, "; "))
}

// byVariable calls a field by its variable.
func byVariable(field string) string { return "MUSTER_" + strings.ToUpper(field) }

// byFlag calls a field by its flag.
func byFlag(field string) string { return "--" + strings.ReplaceAll(field, "_", "-") }
