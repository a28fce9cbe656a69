#Requires -Version 7.6

BeforeAll {
    $script:manifest = (Get-ChildItem "$PSScriptRoot/../../output/ChaosPS/*/ChaosPS.psd1").FullName
    Import-Module $manifest -ErrorAction Stop
    $script:sandbox = New-ChaosSandbox contactsapp
}

Describe 'Other runspaces' {
    It 'has a session of its own in each iteration of ForEach-Object -Parallel' {
        $nodes = 1..3 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            $null = $using:sandbox | Connect-ChaosCluster
            (Get-ClusterNode).Count
        }
        $nodes | Should -Be 3, 3, 3
    }

    It 'works in a thread job' {
        $job = Start-ThreadJob {
            Import-Module $using:manifest
            $null = $using:sandbox | Connect-ChaosCluster
            (Get-PodDistribution search-deploy).WorstNode
        }
        $job | Receive-Job -Wait -AutoRemoveJob | Should -Be 'aks-nodepool1-36421985-vmss000000'
    }

    It 'stops working quietly when a later command wants no more' {
        (Get-ClusterNode | Select-Object -First 1).Name | Should -Be 'aks-nodepool1-36421985-vmss000000'
        (Get-ClusterNode).Count | Should -Be 3
    }
}

Describe 'A host that cannot ask' {
    It 'names -Confirm:$false' {
        $said = pwsh -NoProfile -NonInteractive -Command "Import-Module '$manifest'; `$null = New-ChaosSandbox contactsapp; Stop-ClusterNode *000000 -Confirm" 2>&1 | Out-String
        $said | Should -BeLike '*-Confirm:$false*'
    }
}
