package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"muster/internal/app"
	"muster/internal/op"
	"muster/internal/server"
)

func operations(_ context.Context, args []string, out, errOut io.Writer) error {
	f := newFlags("operations", "", "Prints every declared operation as tab-separated values: dialect, group, id, method, path, scopes, rate label, success status.", errOut)
	if _, err := f.parse(args, 0); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("dialect\tgroup\tid\tmethod\tpath\tscopes\trate_label\tsuccess_status\n")
	server.Declare(&app.App{}, "").Each(func(dialect string, o op.Operation) {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\n",
			dialect, o.Group, o.ID, o.Method, o.Path, strings.Join(o.Scopes, " "), strings.ToLower(string(o.Rate)), o.Success)
	})
	_, err := io.WriteString(out, b.String())
	return err
}

func openapi(_ context.Context, args []string, out, errOut io.Writer) error {
	f := newFlags("openapi", "zoom|webex", "Prints the OpenAPI 3.1 document of a dialect.", errOut)
	words, err := f.parse(args, 1)
	if err != nil {
		return err
	}
	if len(words) != 1 || (words[0] != "zoom" && words[0] != "webex") {
		return usagef("say which dialect: zoom or webex")
	}
	doc, webexDoc, err := server.OpenAPI(server.Declare(&app.App{}, ""), "", version())
	if err != nil {
		return err
	}
	if words[0] == "webex" {
		doc = webexDoc
	}
	_, err = fmt.Fprintf(out, "%s\n", strings.TrimSpace(string(doc)))
	return err
}
