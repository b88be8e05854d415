/*
 * Completion scripts. They know nothing of kubesim's commands: each asks `kubesim __complete -- WORDS…`, which answers
 * one candidate a line, `value<TAB>what it does`; a last line `:files` asks for file names as well.
 */

/** Shells that there is a script for. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

const BASH = `# kubesim completion for bash. Load it with: source <(kubesim completion bash)
_kubesim() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line values=()
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ "$line" == ":files" ]]; then
      mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
      compopt -o filenames 2>/dev/null
    else
      values+=("\${line%%$'\\t'*}")
    fi
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [[ "$current" == "=" ]] && current=""
  local value
  for value in "\${values[@]}"; do
    [[ "$COMP_WORDBREAKS" == *=* && "$value" == --*=* ]] && value="\${value#*=}"
    [[ "$value" == "$current"* ]] && COMPREPLY+=("$value")
  done
}
complete -F _kubesim kubesim
`;

const ZSH = `#compdef kubesim
# kubesim completion for zsh. Load it with: source <(kubesim completion zsh)
_kubesim() {
  local line files=0
  local -a described
  while IFS= read -r line; do
    if [[ "$line" == ":files" ]]; then files=1; continue; fi
    local value="\${line%%$'\\t'*}" note=""
    [[ "$line" == *$'\\t'* ]] && note="\${line#*$'\\t'}"
    described+=("\${value//:/\\\\:}\${note:+:$note}")
  done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#described} )) && _describe 'kubesim' described
  (( files )) && _files
}
if [ "$funcstack[1]" = "_kubesim" ]; then _kubesim "$@"; else compdef _kubesim kubesim; fi
`;

const FISH = `# kubesim completion for fish. Load it with: kubesim completion fish | source
function __kubesim_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] __complete -- $words[2..-1] 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c kubesim -f -a '(__kubesim_complete)'
`;

const POWERSHELL = `# kubesim completion for PowerShell. Load it with:
#   kubesim completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName kubesim -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '' }
  & kubesim __complete -- @words 2>$null | Where-Object { $_ -ne ':files' } | ForEach-Object {
    $value, $note = $_ -split "\`t", 2
    if (-not $note) { $note = $value }
    if ($value -like "$wordToComplete*") {
      [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $note)
    }
  }
}
`;

/** The script of a shell. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
