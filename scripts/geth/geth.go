//go:build tools

// Package geth pins go-ethereum and all that it needs, for scripts/install-geth.
package geth

import _ "github.com/ethereum/go-ethereum/cmd/geth"
