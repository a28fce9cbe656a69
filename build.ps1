#Requires -Version 7.6
<#
.SYNOPSIS
Builds, tests or shows ChaosPS. Needs the .NET SDK; the module tests need Pester 5 too.
.PARAMETER Task
Build: the module in output/ChaosPS/<version>. Test: the .NET tests, then the module's tests in a PowerShell of their own. Demo: the workshop on the emulated cluster.
.PARAMETER Configuration
Release by default.
.EXAMPLE
./build.ps1 -Task Build
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
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
}

function Demo {
    dotnet run --project "$PSScriptRoot/src/ChaosPS.Cli" -c $Configuration -- demo
}

foreach ($name in $Task) { & $name }
