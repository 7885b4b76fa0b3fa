package settings

import (
	"reflect"
	"slices"

	"muster/internal/muster"
)

// Files is the key of the list of an owner's virtual backgrounds. Uploading
// and deleting make it what it is; a change says only which one is the default.
const Files = "in_meeting.virtual_background_settings.files"

// UploadBackgrounds is the setting that says whether groups and users can have
// such files of their own.
const UploadBackgrounds = "in_meeting.virtual_background_settings.allow_upload_custom"

// filesSetting returns the leaf of that key.
func filesSetting() *Setting {
	all := Settings()
	return all[slices.IndexFunc(all, func(s *Setting) bool { return s.Key == Files })]
}

// FilesLocked returns who does not let the end of c have files of its own, nil for nobody.
func (c Chain) FilesLocked() *Owner { return c.LockedAbove(filesSetting().Lock) }

// ownFiles returns a copy of the list of the end of c.
func (c Chain) ownFiles() []any {
	list, _ := c.End().Values[Files].([]any)
	return clone(list).([]any)
}

// AddFile returns the list of the end of c with another file.
func (c Chain) AddFile(f *muster.File, isDefault bool) []any {
	list := c.ownFiles()
	if isDefault {
		unset(list)
	}
	return append(list, map[string]any{"id": f.ID, "is_default": isDefault, "name": f.Name, "size": f.Size, "type": f.Kind})
}

// RemoveFiles returns the list of the end of c without the files of the ids.
// missing is an id that it does not have, "" if it has all.
func (c Chain) RemoveFiles(ids []string) (list []any, missing string) {
	list = c.ownFiles()
	for _, id := range ids {
		i := indexFile(list, id)
		if i < 0 {
			return nil, id
		}
		list = slices.Delete(list, i, i+1)
	}
	return list, ""
}

// OwnFiles returns how many files the end of c has.
func (c Chain) OwnFiles() int { return len(c.ownFiles()) }

// chooseFile puts into a change that has a list of files the list as it is
// then: what is there, with the default that is asked for. Whoever has no files
// gets no list of their own: what is above would not hold for them any more.
func (c Chain) chooseFile(change Doc) []muster.Problem {
	asked, set := change[Files].([]any)
	if !set {
		return nil
	}
	list := c.ownFiles()
	if len(list) == 0 && len(asked) == 0 || reflect.DeepEqual(asked, c.Value(Files)) { // sent back as it stands
		delete(change, Files)
		return nil
	}
	var problems []muster.Problem
	for _, item := range asked {
		is := fieldsOf(item)
		i := indexFile(list, is.String("id"))
		if i < 0 {
			problems = append(problems, muster.Problem{Field: Files, Rule: "must be of files that are there: they come by uploading and go by deleting"})
			continue
		}
		v, given := is["is_default"].(bool)
		if given && v {
			unset(list)
		}
		if given {
			list[i].(map[string]any)["is_default"] = v // an object, as AddFile makes it
		}
	}
	change[Files] = list
	return problems
}

func indexFile(list []any, id string) int {
	return slices.IndexFunc(list, func(f any) bool { return fieldsOf(f).String("id") == id })
}

func unset(list []any) {
	for _, f := range list {
		f.(map[string]any)["is_default"] = false // an object, as AddFile makes it
	}
}
