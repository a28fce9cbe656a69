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

Describe 'A job that is stopped while its experiment runs' {
    BeforeAll {
        # The method stops a node, and then a program says so and holds it: the job is stopped in the middle.
        $script:held = Join-Path $TestDrive 'held'
        $script:pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
        $script:experiment = Join-Path $TestDrive 'hold.json'
        $target = @{
            filter            = "where resourceGroup=~'`${azure_resource_group}' and name=~'`${azure_vmss_name}'"
            instance_criteria = @(@{ name = '${azure_vmss_instanceId}' })
        }
        @{
            title         = 'Hold a stopped node'
            description   = 'Stops a node and keeps it down.'
            configuration = @{
                azure_resource_group  = @{ type = 'env'; key = 'AZURE_CLUSTER_RESOURCE_GROUP' }
                azure_vmss_name       = @{ type = 'env'; key = 'AZURE_CLUSTER_VMSS_NAME' }
                azure_vmss_instanceId = @{ type = 'env'; key = 'AZURE_CLUSTER_VMSS_INSTANCE0' }
            }
            method        = @(
                @{ type = 'action'; name = 'stop'; provider = @{ type = 'python'; module = 'chaosazure.vmss.actions'; func = 'stop_vmss'; arguments = $target } }
                @{ type = 'action'; name = 'hold'; provider = @{
                        type      = 'process'
                        path      = $pwsh
                        arguments = @('-NoProfile', '-Command', "Set-Content '$held' held; Start-Sleep 600")
                    }
                }
            )
        } | ConvertTo-Json -Depth 9 | Set-Content $experiment

        # What the jobs do: the node's state is read from the session that the experiment ran in.
        $script:work = {
            param($Manifest, $Experiment, $Journal, $Sandbox)
            Import-Module $Manifest
            if ($Sandbox) { $null = $Sandbox | Connect-ChaosCluster } else { $null = New-ChaosSandbox contactsapp }
            $more = (Get-Command Invoke-ChaosExperiment).Parameters.ContainsKey('AllowExternal') ? @{ AllowExternal = $true } : @{}
            Invoke-ChaosExperiment $Experiment -JournalPath $Journal -Confirm:$false @more
        }

        function Wait-Hold($Job) {
            while (-not (Test-Path $held)) {
                if ($Job.State -notin 'NotStarted', 'Running') { throw "The job ended early: $($Job | Receive-Job 2>&1)" }
                Start-Sleep -Milliseconds 100
            }
        }
    }

    BeforeEach { Remove-Item $held -ErrorAction Ignore }

    It 'has put the node back when Stop-Job returns: a thread job' {
        $sandbox = New-ChaosSandbox contactsapp
        $journal = Join-Path $TestDrive 'thread.json'
        $job = Start-ThreadJob $work -ArgumentList $manifest, $experiment, $journal, $sandbox
        Wait-Hold $job
        (Get-ClusterNode -PowerState).PowerState | Should -Be 'Stopped', 'Running', 'Running'

        $job | Stop-Job

        $null = $job | Wait-Job
        (Get-ClusterNode -PowerState).PowerState | Should -Be 'Running', 'Running', 'Running'
        (Get-Content $journal | ConvertFrom-Json).outcome | Should -Be 'Interrupted'
        $job | Remove-Job -Force
    }

    It 'has put the node back when Stop-Job returns: a job in a process of its own' {
        $journal = Join-Path $TestDrive 'process.json'
        $job = Start-Job $work -ArgumentList $manifest, $experiment, $journal
        Wait-Hold $job

        $job | Stop-Job

        $null = $job | Wait-Job
        $ended = Get-Content $journal | ConvertFrom-Json
        $ended.outcome | Should -Be 'Interrupted'
        $ended.undo.complete | Should -BeTrue
        $ended.undo.steps[0] | Should -BeLike 'Started *'
        $job | Remove-Job -Force
    }
}

Describe 'A host that cannot ask' {
    It 'names -Confirm:$false' {
        $said = pwsh -NoProfile -NonInteractive -Command "Import-Module '$manifest'; `$null = New-ChaosSandbox contactsapp; Stop-ClusterNode *000000 -Confirm" 2>&1 | Out-String
        $said | Should -BeLike '*-Confirm:$false*'
    }

    It 'names -Confirm:$false where the standard input is at its end, as in the task of a pipeline' {
        $said = @() | pwsh -NoProfile -Command "Import-Module '$manifest'; `$null = New-ChaosSandbox contactsapp; Stop-ClusterNode *000000 -Confirm" 2>&1 | Out-String
        $said | Should -BeLike '*-Confirm:$false*'
        $said | Should -Not -BeLike '*Object reference*'
    }
}
