<#
.SYNOPSIS
Runs the Pester tests in this folder against the module in output/ChaosPS. Start it in a PowerShell of its own: an imported module stays locked.
.PARAMETER Check
Only says whether they can run here: exit code 0, or 1 and the reason.
.PARAMETER ResultPath
A file that gets "passed failed skipped".
#>
[CmdletBinding()]
param(
    [switch] $Check,
    [string] $ResultPath
)
$ErrorActionPreference = 'Stop'

$pester = Get-Module -ListAvailable -Name Pester | Where-Object Version -GE '5.0' | Sort-Object Version -Descending | Select-Object -First 1
$reason = if ($PSVersionTable.PSVersion -lt [version] '7.6') { "pwsh is $($PSVersionTable.PSVersion), the module needs 7.6" }
elseif (-not $pester) { 'no Pester 5 for this pwsh' }
if ($reason) {
    $reason
    exit 1
}
if ($Check) { exit 0 }

Import-Module $pester.Path
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$result = Invoke-Pester -Configuration $configuration

# A file that breaks before its first test counts as one failure.
$failed = $result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount
if ($ResultPath) { "$($result.PassedCount) $failed $($result.SkippedCount)" | Set-Content $ResultPath }
exit [int] ($failed -gt 0)
