#Requires -Version 7.6

BeforeAll {
    Import-Module (Get-ChildItem "$PSScriptRoot/../../output/ChaosPS/*/ChaosPS.psd1").FullName -ErrorAction Stop
}

Describe 'docs/samples/workshop.ps1' {
    BeforeAll {
        $script:output = & "$PSScriptRoot/../../docs/samples/workshop.ps1" 3>$null 6>$null
    }

    It 'answers how long Kubernetes takes to register a dead node' {
        $answer = $output | Where-Object { $_ -is [string] -and $_ -match '^Kubernetes took (?<seconds>[\d.]+) s' }
        $answer | Should -HaveCount 1
        [double] ([regex]::Match($answer, '\d+\.\d').Value) | Should -BeGreaterOrEqual 40
        [double] ([regex]::Match($answer, '\d+\.\d').Value) | Should -BeLessOrEqual 55
    }

    It 'deviates before the fix and passes after it' {
        $runs = $output | Where-Object { $_.PSTypeNames -contains 'ChaosPS.Experiments.ChaosRun' }
        $runs[0].Outcome | Should -Be 'Deviated'
        $runs[-1].Outcome | Should -Be 'Passed'
    }

    It 'leaves every node Ready' {
        (Get-ClusterNode).Ready | Should -Not -Contain $false
    }
}
