package catalogue

// arShell are the texts of completion, whose English texts are cobra's.
var arShell = map[string]string{
	"Generate the autocompletion script for the specified shell": "إنشاء برنامج الإكمال التلقائي للصدفة المحددة",
	`Generate the autocompletion script for liaison for the specified shell.
See each sub-command's help for details on how to use the generated script.
`: `ينشئ برنامج الإكمال التلقائي لأمر liaison في الصدفة المحددة.
انظر مساعدة كل أمر فرعي لمعرفة كيفية استخدامه.`,
	"Generate the autocompletion script for bash":       "إنشاء برنامج الإكمال التلقائي لأجل bash",
	"Generate the autocompletion script for fish":       "إنشاء برنامج الإكمال التلقائي لأجل fish",
	"Generate the autocompletion script for zsh":        "إنشاء برنامج الإكمال التلقائي لأجل zsh",
	"Generate the autocompletion script for powershell": "إنشاء برنامج الإكمال التلقائي لأجل powershell",
	"disable completion descriptions":                   "بلا شروح للإكمال",
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
`: `ينشئ برنامج الإكمال التلقائي للصدفة bash.

يعتمد هذا البرنامج على الحزمة 'bash-completion'.
إذا لم تكن مثبّتة فثبّتها بمدير الحزم في نظامك.

لتحميل الإكمال في جلستك الحالية:

	source <(liaison completion bash)

لتحميله في كل جلسة جديدة نفّذ مرة واحدة:

#### Linux:

	liaison completion bash > /etc/bash_completion.d/liaison

#### macOS:

	liaison completion bash > $(brew --prefix)/etc/bash_completion.d/liaison

ابدأ صدفة جديدة ليسري هذا الإعداد.`,
	`Generate the autocompletion script for the fish shell.

To load completions in your current shell session:

	liaison completion fish | source

To load completions for every new session, execute once:

	liaison completion fish > ~/.config/fish/completions/liaison.fish

You will need to start a new shell for this setup to take effect.
`: `ينشئ برنامج الإكمال التلقائي للصدفة fish.

لتحميل الإكمال في جلستك الحالية:

	liaison completion fish | source

لتحميله في كل جلسة جديدة نفّذ مرة واحدة:

	liaison completion fish > ~/.config/fish/completions/liaison.fish

ابدأ صدفة جديدة ليسري هذا الإعداد.`,
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
`: `ينشئ برنامج الإكمال التلقائي للصدفة zsh.

إذا لم يكن الإكمال مفعّلاً في بيئتك فعّله، بتنفيذ ما يلي مرة واحدة:

	echo "autoload -U compinit; compinit" >> ~/.zshrc

لتحميل الإكمال في جلستك الحالية:

	source <(liaison completion zsh)

لتحميله في كل جلسة جديدة نفّذ مرة واحدة:

#### Linux:

	liaison completion zsh > "$fpath[1]/_liaison"

#### macOS:

	liaison completion zsh > $(brew --prefix)/share/zsh/site-functions/_liaison

ابدأ صدفة جديدة ليسري هذا الإعداد.`,
	`Generate the autocompletion script for powershell.

To load completions in your current shell session:

	liaison completion powershell | Out-String | Invoke-Expression

To load completions for every new session, add the output of the above command
to your powershell profile.
`: `ينشئ برنامج الإكمال التلقائي للصدفة powershell.

لتحميل الإكمال في جلستك الحالية:

	liaison completion powershell | Out-String | Invoke-Expression

لتحميله في كل جلسة جديدة أضف خرج الأمر السابق إلى ملف تعريف powershell.`,
}
