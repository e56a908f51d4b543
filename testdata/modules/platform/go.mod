module example.org/platform

go 1.26.0

require github.com/liaison-protocol/liaison v0.0.0

replace github.com/liaison-protocol/liaison => ../../..
