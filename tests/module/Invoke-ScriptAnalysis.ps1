<#
.SYNOPSIS
Holds every script, data file and module file of the repository against PSScriptAnalyzer's rules. Writes what it finds; the exit code is 1 when there is something.
.PARAMETER Check
Only says whether it can run here: exit code 0, or 1 and the reason.
#>
[CmdletBinding()]
param([switch] $Check)
$ErrorActionPreference = 'Stop'

$analyzer = Get-Module -ListAvailable -Name PSScriptAnalyzer | Sort-Object Version -Descending | Select-Object -First 1
if (-not $analyzer) {
    'no PSScriptAnalyzer for this pwsh'
    exit 1
}
if ($Check) { exit 0 }

Import-Module $analyzer.Path
$root = Split-Path (Split-Path $PSScriptRoot)
# The manifest is looked at where it is laid out: it names files that only lie beside it there.
$files = Get-ChildItem $root -Recurse -File -Include *.ps1, *.psm1, *.psd1 |
    Where-Object { $_.FullName.Substring($root.Length) -notmatch '[\\/](bin|obj)[\\/]|^[\\/](ChaosPS\.psd1|output[\\/](?!ChaosPS[\\/]))' }
$findings = $files | ForEach-Object { Invoke-ScriptAnalyzer -Path $_.FullName -Settings "$root/PSScriptAnalyzerSettings.psd1" }
foreach ($finding in $findings) {
    '{0}({1},{2}): {3} {4}: {5}' -f $finding.ScriptPath, $finding.Line, $finding.Column, "$($finding.Severity)".ToLowerInvariant(), $finding.RuleName, $finding.Message
}
'{0} files, {1} findings' -f @($files).Count, @($findings).Count
exit [int] (@($findings).Count -gt 0)
