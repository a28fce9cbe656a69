#Requires -Version 7.6

# The packages, unpacked and used in a PowerShell of their own.

BeforeAll {
    $script:packages = Join-Path $TestDrive 'packages'
    $root = Resolve-Path "$PSScriptRoot/../.."
    $script:log = dotnet pack "$root/src/ChaosPS" -c Release --nologo "-p:PackageOutputPath=$packages/" 2>&1
    $script:packed = $LASTEXITCODE

    # What it writes is lines of text. Its errors end it and come too.
    function Invoke-Child([string] $Script) {
        $pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
        & $pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; $Script" 2>&1 | ForEach-Object { "$_" }
    }
}

Describe 'The package as <_>' -ForEach 'zip', 'nupkg' {
    BeforeAll {
        $packed | Should -Be 0 -Because ($log | Out-String)
        $script:folder = Join-Path $TestDrive "$_/ChaosPS"
        [System.IO.Compression.ZipFile]::ExtractToDirectory((Get-Item "$packages/*.$_").FullName, $folder)
    }

    It 'has a manifest that PowerShell takes' {
        (Test-ModuleManifest "$folder/ChaosPS.psd1" -ErrorAction Stop).PrivateData.PSData.Tags | Should -Contain 'PSEdition_Core'
    }

    It 'shows the nodes of the sandbox' {
        $output = Invoke-Child "Import-Module '$folder'; New-ChaosSandbox contactsapp | Connect-ChaosCluster | Out-Null; (Get-ClusterNode).Name; (Get-Module ChaosPS).ModuleBase"
        $output | Should -HaveCount 4
        $output[0] | Should -BeLike 'aks-nodepool1-*'
        $output[3] | Should -Be $folder
    }

    It 'has help, examples and topics' {
        $output = Invoke-Child "Import-Module '$folder'; Get-Help Stop-ClusterNode -Examples | Out-String -Stream; Get-Help about_ChaosPS"
        $output -join "`n" | Should -Match 'Stop-ClusterNode -PassThru \| Wait-ClusterNode -State NotReady(.|\n)*Kubernetes notices|Kubernetes notices(.|\n)*Wait-ClusterNode'
        $output -join "`n" | Should -Match 'TOPIC\s+about_ChaosPS'
    }
}

Describe 'docs/samples/ci/<File>' -ForEach @(
    @{ File = 'github-actions.yml'; Script = '(?<=^ +run: \|\n)(?: {10}.*\n|\n)+'; Issue = '::error file=./chaos/stop-node.yaml,line=\d+,'; Failure = '^::error title=RunDeviated::' }
    @{ File = 'azure-pipelines.yml'; Script = '(?<=^ +script: \|\n)(?: {12}.*\n|\n)+'; Issue = '##vso\[task\.logissue type=error;sourcepath=.*/chaos/stop-node.yaml;linenumber=\d+;'; Failure = '^##vso\[task\.logissue type=error;code=RunDeviated\]' }
) {
    BeforeAll {
        $packed | Should -Be 0 -Because ($log | Out-String)
        $samples = Resolve-Path "$PSScriptRoot/../../docs/samples"
        $text = Get-Content -Raw "$samples/ci/$File"
        $script:steps = [regex]::Matches($text, $Script, 'Multiline').Value

        # A repository as the README beside the samples describes it.
        $script:repository = (New-Item -ItemType Directory (Join-Path $TestDrive $File)).FullName
        New-Item -ItemType Directory "$repository/chaos", "$repository/packages" | Out-Null
        Copy-Item "$packages/*.zip" "$repository/packages"

        # As both hosts run a step: they dot-source a file, in which errors end the script. Whatever number it exits with becomes 1.
        function Invoke-Step([string] $Text) {
            Set-Content "$repository/step.ps1" "`$ErrorActionPreference = 'stop'`n$Text"
            $pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
            Push-Location $repository
            $script:lines = & $pwsh -NoProfile -NonInteractive -Command '. ./step.ps1' 2>&1 | ForEach-Object { "$_" }
            $script:exitCode = $LASTEXITCODE
            Pop-Location
        }
    }

    BeforeEach {
        Copy-Item "$samples/stop-node.yaml" "$repository/chaos"
        Remove-Item "$repository/journal.json" -ErrorAction Ignore
    }

    It 'unpacks the module' {
        $steps | Should -HaveCount 2
        Invoke-Step $steps[0]
        $exitCode | Should -Be 0 -Because ($lines -join "`n")
        Join-Path $repository 'modules/ChaosPS/ChaosPS.psd1' | Should -Exist
    }

    It 'passes when the application survives, and keeps the journal' {
        Invoke-Step $steps[1]
        $exitCode | Should -Be 0 -Because ($lines -join "`n")
        (Get-Content -Raw "$repository/journal.json" | ConvertFrom-Json).outcome | Should -Be 'Passed'
        $lines -match 'stop-instance' | Should -Not -BeNullOrEmpty
    }

    It 'fails when the application does not survive, says why, and keeps the journal' {
        Invoke-Step ($steps[1] -replace '(?m)^ +\$services \|.*\n')
        $exitCode | Should -Be 1 -Because ($lines -join "`n")
        $lines -match $Failure | Should -HaveCount 1
        (Get-Content -Raw "$repository/journal.json" | ConvertFrom-Json).outcome | Should -Be 'Deviated'
    }

    It 'runs nothing when the experiment is invalid, and says where' {
        (Get-Content -Raw "$samples/stop-node.yaml") -replace 'func: stop_vmss', 'func: stop_vms' | Set-Content "$repository/chaos/stop-node.yaml"
        Invoke-Step $steps[1]
        $exitCode | Should -Be 1 -Because ($lines -join "`n")
        $lines -match $Issue | Should -HaveCount 1
        "$repository/journal.json" | Should -Not -Exist
    }
}
