package settings

// Schema returns c as a new JSON Schema object of the dialect of OpenAPI 3.0
// and later. Equal catalogues give equal schemas.
func (c Catalogue) Schema() map[string]any {
	properties := make(map[string]any, len(c))
	var required []any
	for _, l := range c {
		properties[l.Name] = l.Schema()
		if l.Required {
			required = append(required, l.Name)
		}
	}
	s := map[string]any{"type": "object", "properties": properties}
	if required != nil {
		s["required"] = required
	}
	return s
}

// Schema returns the JSON Schema of one leaf, of the form that
// Catalogue.Schema gives to the whole.
func (l Leaf) Schema() map[string]any {
	s := map[string]any{"type": string(l.Kind)}
	switch l.Kind {
	case Int:
		l.bounds(s, "minimum", "maximum")
	case String:
		l.bounds(s, "minLength", "maxLength")
	case Email:
		s["type"], s["format"] = "string", "email"
	case List:
		l.bounds(s, "minItems", "maxItems")
		s["items"] = l.Item.Schema()
	case Object:
		s = l.Fields.Schema()
	}
	if l.Enum != nil {
		s["enum"] = clone(l.Enum)
	}
	if l.Default != nil {
		s["default"] = clone(l.Default)
	}
	if l.ReadOnly {
		s["readOnly"] = true
	}
	if l.Deprecated {
		s["deprecated"] = true
	}
	return s
}

// bounds adds l's bounds under the names that its kind has for them.
func (l Leaf) bounds(s map[string]any, lower, upper string) {
	if l.Max == 0 {
		return
	}
	if l.Kind == Int || l.Min > 0 {
		s[lower] = l.Min
	}
	s[upper] = l.Max
}
