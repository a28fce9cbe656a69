#Requires -Version 7.6
<#
.SYNOPSIS
Measures what importing ChaosPS costs, as a ratio to importing an empty binary module.
.DESCRIPTION
Each import happens in a PowerShell of its own, first the empty module and then ChaosPS, in turns, so that what else the machine does falls on both.
What is measured is Import-Module itself, without the start of PowerShell.
.PARAMETER Count
How many processes for each of them.
.PARAMETER Limit
The exit code is 1 when the ratio of the medians is above it.
.EXAMPLE
dotnet build ChaosPS.sln -c Release
pwsh -NoProfile bench/Measure-Import.ps1
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 1000)]
    [int] $Count = 20,

    [double] $Limit = 1.5
)
$ErrorActionPreference = 'Stop'

function Get-Median([double[]] $Values) {
    $sorted = $Values | Sort-Object
    ($sorted[[Math]::Floor(($sorted.Count - 1) / 2)] + $sorted[[Math]::Floor($sorted.Count / 2)]) / 2
}

function Measure-Import([string] $Manifest) {
    $pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    [double] (& $pwsh -NoProfile -NonInteractive -Command "
        `$watch = [Diagnostics.Stopwatch]::StartNew()
        Import-Module '$Manifest' -ErrorAction Stop
        `$watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)")
}

$chaosPS = (Get-Item "$PSScriptRoot/../output/ChaosPS/*/ChaosPS.psd1").FullName
$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "EmptyModule-$PID")).FullName
try {
    Add-Type -OutputAssembly "$folder/EmptyModule.dll" -TypeDefinition '
        using System.Management.Automation;
        [Cmdlet(VerbsCommon.Get, "Nothing")]
        public sealed class GetNothingCommand : Cmdlet { }'
    New-ModuleManifest "$folder/EmptyModule.psd1" -RootModule EmptyModule.dll -CmdletsToExport Get-Nothing

    # The first pair finds the files cold.
    $pairs = 0..$Count | ForEach-Object {
        Write-Progress 'Importing' "$_ of $Count" -PercentComplete (100 * $_ / $Count)
        [pscustomobject]@{ Empty = Measure-Import "$folder/EmptyModule.psd1"; ChaosPS = Measure-Import $chaosPS }
    } | Select-Object -Skip 1
}
finally {
    Remove-Item $folder -Recurse
}

$empty, $ours = (Get-Median $pairs.Empty), (Get-Median $pairs.ChaosPS)
$ratio = $ours / $empty
[string]::Format([cultureinfo]::InvariantCulture, '{0} processes each, medians: empty module {1:0.0} ms, ChaosPS {2:0.0} ms, ratio {3:0.00}', $Count, $empty, $ours, $ratio)
exit [int] ($ratio -gt $Limit)
