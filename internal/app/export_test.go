package app

// HoldHashing keeps passwords from being hashed until the function that it
// returns is called.
func (a *App) HoldHashing() (release func()) {
	a.hashing.mu.Lock()
	return a.hashing.mu.Unlock
}
