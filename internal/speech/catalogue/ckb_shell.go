package catalogue

// ckbShell are the texts of completion, whose English texts are cobra's.
var ckbShell = map[string]string{
	"Generate the autocompletion script for the specified shell": "نووسراوی تەواوکردنی خۆکار بۆ شێڵی دیاریکراو دروست بکە",
	`Generate the autocompletion script for liaison for the specified shell.
See each sub-command's help for details on how to use the generated script.
`: `نووسراوی تەواوکردنی خۆکاری liaison بۆ شێڵی دیاریکراو دروست دەکات.
بۆ چۆنیەتیی بەکارهێنانی سەیری یارمەتیی هەر فەرمانێکی لاوەکی بکە.`,
	"Generate the autocompletion script for bash":       "نووسراوی تەواوکردنی خۆکار بۆ bash دروست بکە",
	"Generate the autocompletion script for fish":       "نووسراوی تەواوکردنی خۆکار بۆ fish دروست بکە",
	"Generate the autocompletion script for zsh":        "نووسراوی تەواوکردنی خۆکار بۆ zsh دروست بکە",
	"Generate the autocompletion script for powershell": "نووسراوی تەواوکردنی خۆکار بۆ powershell دروست بکە",
	"disable completion descriptions":                   "بێ ڕوونکردنەوە بۆ تەواوکردن",
	`Generate the autocompletion script for the bash shell.

This script depends on the 'bash-completion' package.
If it is not installed already, you can install it via your OS's package manager.

To load completions in your current shell session:

	source <(liaison completion bash)

To load completions for every new session, execute once:

#### Linux:

	liaison completion bash > /etc/bash_completion.d/liaison

#### macOS:

	liaison completion bash > $(brew --prefix)/etc/bash_completion.d/liaison

You will need to start a new shell for this setup to take effect.
`: `نووسراوی تەواوکردنی خۆکار بۆ شێڵی bash دروست دەکات.

ئەم نووسراوە پشت بە پاکێجی 'bash-completion' دەبەستێت.
ئەگەر دانەمەزراوە، بە بەڕێوەبەری پاکێجی سیستەمەکەت دایبمەزرێنە.

بۆ بارکردنی لە دانیشتنی ئێستادا:

	source <(liaison completion bash)

بۆ بارکردنی لە هەر دانیشتنێکی نوێدا یەک جار جێبەجێی بکە:

#### Linux:

	liaison completion bash > /etc/bash_completion.d/liaison

#### macOS:

	liaison completion bash > $(brew --prefix)/etc/bash_completion.d/liaison

بۆ ئەوەی ئەم ڕێکخستنە کار بکات شێڵێکی نوێ بکەرەوە.`,
	`Generate the autocompletion script for the fish shell.

To load completions in your current shell session:

	liaison completion fish | source

To load completions for every new session, execute once:

	liaison completion fish > ~/.config/fish/completions/liaison.fish

You will need to start a new shell for this setup to take effect.
`: `نووسراوی تەواوکردنی خۆکار بۆ شێڵی fish دروست دەکات.

بۆ بارکردنی لە دانیشتنی ئێستادا:

	liaison completion fish | source

بۆ بارکردنی لە هەر دانیشتنێکی نوێدا یەک جار جێبەجێی بکە:

	liaison completion fish > ~/.config/fish/completions/liaison.fish

بۆ ئەوەی ئەم ڕێکخستنە کار بکات شێڵێکی نوێ بکەرەوە.`,
	`Generate the autocompletion script for the zsh shell.

If shell completion is not already enabled in your environment you will need
to enable it.  You can execute the following once:

	echo "autoload -U compinit; compinit" >> ~/.zshrc

To load completions in your current shell session:

	source <(liaison completion zsh)

To load completions for every new session, execute once:

#### Linux:

	liaison completion zsh > "${fpath[1]}/_liaison"

#### macOS:

	liaison completion zsh > $(brew --prefix)/share/zsh/site-functions/_liaison

You will need to start a new shell for this setup to take effect.
`: `نووسراوی تەواوکردنی خۆکار بۆ شێڵی zsh دروست دەکات.

ئەگەر تەواوکردن لە ژینگەکەتدا کارا نییە، یەک جار ئەمە جێبەجێ بکە:

	echo "autoload -U compinit; compinit" >> ~/.zshrc

بۆ بارکردنی لە دانیشتنی ئێستادا:

	source <(liaison completion zsh)

بۆ بارکردنی لە هەر دانیشتنێکی نوێدا یەک جار جێبەجێی بکە:

#### Linux:

	liaison completion zsh > "$fpath[1]/_liaison"

#### macOS:

	liaison completion zsh > $(brew --prefix)/share/zsh/site-functions/_liaison

بۆ ئەوەی ئەم ڕێکخستنە کار بکات شێڵێکی نوێ بکەرەوە.`,
	`Generate the autocompletion script for powershell.

To load completions in your current shell session:

	liaison completion powershell | Out-String | Invoke-Expression

To load completions for every new session, add the output of the above command
to your powershell profile.
`: `نووسراوی تەواوکردنی خۆکار بۆ powershell دروست دەکات.

بۆ بارکردنی لە دانیشتنی ئێستادا:

	liaison completion powershell | Out-String | Invoke-Expression

بۆ بارکردنی لە هەر دانیشتنێکی نوێدا دەرچەی فەرمانی سەرەوە بخەرە پرۆفایلی powershell ەکەتەوە.`,
}
