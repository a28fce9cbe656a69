#Requires -Version 7.6
<#
.SYNOPSIS
Builds, tests, documents, packages or shows ChaosPS. Needs the .NET SDK; the module tests need Pester 5 too, and the analysis of the scripts PSScriptAnalyzer.
.PARAMETER Task
Build: the module in output/ChaosPS/<version>.
Test: the .NET tests, then, in a PowerShell of their own, the module's tests and the analysis of the scripts.
Docs: the help from the pages in docs/cmdlets and docs/about, each page held against its cmdlet; then types every transcript of the documentation and compares what PowerShell prints, and follows the links.
Package: the package for Install-PSResource and a zip of the same files, in output/packages.
Demo: the workshop on the emulated cluster.
.PARAMETER Configuration
Release by default.
.PARAMETER Update
With Docs: writes what PowerShell prints now into the transcripts, instead of comparing.
.EXAMPLE
./build.ps1 -Task Build
.EXAMPLE
./build.ps1 -Task Docs -Update
git diff docs README.md

Brings the transcripts up to date, and shows what has changed.
#>
[Diagnostics.CodeAnalysis.SuppressMessage('PSReviewUnusedParameter', '', Justification = 'The functions below use them.')]
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Docs', 'Package', 'Demo')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [switch] $Update
)
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

function Build {
    dotnet build "$PSScriptRoot/ChaosPS.sln" -c $Configuration --nologo
    Get-Item "$PSScriptRoot/output/ChaosPS/*/ChaosPS.psd1"
}

function Test {
    dotnet test "$PSScriptRoot/ChaosPS.sln" -c $Configuration --nologo
    $pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    & $pwsh -NoProfile -NonInteractive -File "$PSScriptRoot/tests/module/Invoke-ModuleTest.ps1"
    & $pwsh -NoProfile -NonInteractive -File "$PSScriptRoot/tests/module/Invoke-ScriptAnalysis.ps1"
}

function Docs {
    $env:CHAOSPS_UPDATE_DOCS = $Update ? 'true' : $null
    try {
        dotnet build "$PSScriptRoot/src/ChaosPS" -c $Configuration --nologo
        dotnet test "$PSScriptRoot/tests/ChaosPS.Cli.Tests" -c $Configuration --nologo --filter FullyQualifiedName~Documentation
    }
    finally {
        $env:CHAOSPS_UPDATE_DOCS = $null
    }
}

function Package {
    dotnet pack "$PSScriptRoot/src/ChaosPS" -c $Configuration --nologo
    Get-ChildItem "$PSScriptRoot/output/packages"
}

function Demo {
    dotnet run --project "$PSScriptRoot/src/ChaosPS.Cli" -c $Configuration -- demo
}

foreach ($name in $Task) { & $name }
