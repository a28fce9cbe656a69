#Requires -Version 7.6

BeforeAll {
    $script:manifest = (Get-ChildItem "$PSScriptRoot/../../output/ChaosPS/*/ChaosPS.psd1").FullName
}

Describe 'The module as it is laid out' {
    It 'is the one version of the manifest' {
        $manifest | Should -HaveCount 1
        $version = (Import-PowerShellDataFile "$PSScriptRoot/../../ChaosPS.psd1").ModuleVersion
        Split-Path (Split-Path $manifest) -Leaf | Should -Be $version
    }

    It 'passes Test-ModuleManifest' {
        (Test-ModuleManifest $manifest -ErrorAction Stop).Name | Should -Be 'ChaosPS'
    }

    It 'holds no assembly of this PowerShell' {
        $shipped = (Get-ChildItem $PSHOME -Filter *.dll).Name
        (Get-ChildItem (Split-Path $manifest) -Recurse -Filter *.dll).Name | Where-Object { $_ -in $shipped } | Should -BeNullOrEmpty
        # The list by which the other tests know it, where no PowerShell is installed.
        $kept = Get-Content "$PSScriptRoot/../ChaosPS.Commands.Tests/ShippedByPowerShell.txt"
        $shipped | Where-Object { $_ -notin $kept } | Should -BeNullOrEmpty
    }

    It 'imports without loading an Azure, Kubernetes or YAML assembly' {
        # In a process of its own: here, other tests have used the module already.
        $pwsh = (Get-Process -Id $PID).Path
        $loaded = & $pwsh -NoProfile -Command "Import-Module '$manifest' -ErrorAction Stop; [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name"
        $loaded | Should -Contain 'ChaosPS'
        $loaded | Where-Object { $_ -match '^(Azure|KubernetesClient|YamlDotNet|ChaosPS\.(Providers|Sandbox)$)' } | Should -BeNullOrEmpty
    }
}
