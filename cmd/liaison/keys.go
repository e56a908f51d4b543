package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/liaison-protocol/liaison/client/profile"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
)

func (a *app) keysCommand() *cobra.Command {
	return group("keys", "Make and show the keys that open answers and attachments", "", a.newKeysCommand(), a.showKeysCommand())
}

// answerKeyFile is where a profile has its answer keys, unless out says otherwise.
func (a *app) answerKeyFile(out string) (string, error) {
	if out != "" {
		return out, nil
	}
	if a.profile == "" {
		return "", usage("--profile or --out is required")
	}
	return filepath.Join(a.profile, profile.AnswerKeyFile), nil
}

func (a *app) newKeysCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "new", Short: "Make a key that answers or attachments are sealed to", Args: exactArgs(),
		Long: `Makes a hybrid post-quantum key of the age format (age-encryption.org/v1) and keeps its
secret half in the profile's answer-key.txt, or in --out. From then on the answer to every
request that this profile files is sealed to it. Whoever has the file reads the answers;
without it nobody does, ever: keep a copy in a safe place. The public half is printed, to
seal to several people by answer_recipients of a request. A platform gives it to the hub's
operator, for attachment_recipients of its directory entry: attachments for the platform
are sealed to it.`,
		Example: "  liaison --profile profiles/officer authority keys new",
		RunE: func(*cobra.Command, []string) error {
			path, err := a.answerKeyFile(out)
			if err != nil {
				return err
			}
			recipient, err := makeAnswerKey(path)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.stdout, recipient)
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file to keep the secret half in")
	return cmd
}

// makeAnswerKey makes a key in a new file, which the age tool reads too.
func makeAnswerKey(path string) (recipient string, err error) {
	secret, recipient, err := sealed.NewKey()
	if err != nil {
		return "", err
	}
	return recipient, newSecret(path, keyText(secret, recipient))
}

// keyText is a key's file, in the form of age-keygen.
func keyText(secret, recipient string) string {
	return fmt.Sprintf("# created: %s\n# public key: %s\n%s\n", time.Now().UTC().Format(time.RFC3339), recipient, secret)
}

func (a *app) showKeysCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "show", Short: "Show the public halves of this profile's answer keys", Args: exactArgs(),
		RunE: func(*cobra.Command, []string) error {
			path, err := a.answerKeyFile(out)
			if err != nil {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return usage("%w: make a key with 'liaison authority keys new'", err)
			}
			keys, err := sealed.ParseKeys(string(text))
			if err != nil {
				return usage("%s: %w", filepath.Base(path), err)
			}
			for _, recipient := range keys.Recipients() {
				if _, err := fmt.Fprintln(a.stdout, recipient); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file that has the secret halves")
	return cmd
}
