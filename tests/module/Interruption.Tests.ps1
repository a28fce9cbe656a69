#Requires -Version 7.6

BeforeAll {
    $script:manifest = (Get-ChildItem "$PSScriptRoot/../../output/ChaosPS/*/ChaosPS.psd1").FullName
    Import-Module $manifest -ErrorAction Stop
    $script:sample = (Resolve-Path "$PSScriptRoot/../../docs/samples/stop-node.yaml").Path
    $script:pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    $script:node = 'aks-nodepool1-36421985-vmss000000'
}

Describe 'A command further down that wants no more' {
    BeforeEach { $script:state = (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))).FullName }

    It 'keeps the second experiment from beginning: Select-Object -First 1' {
        $null = New-ChaosSandbox contactsapp
        $run = Invoke-ChaosExperiment $sample, $sample -StatePath $state -WarningAction Ignore | Select-Object -First 1
        $run.Outcome | Should -Be 'Deviated'
        (Get-ChaosRun -StatePath $state).RunId | Should -Be $run.RunId
        (Get-ClusterNode -PowerState).PowerState | Should -Be 'Running', 'Running', 'Running'
    }

    It 'keeps the second node from being stopped' {
        $null = New-ChaosSandbox contactsapp
        $stopped = Get-ClusterNode | Stop-ClusterNode -MaxNodesDown 2 -ThrottleLimit 1 -PassThru -StatePath $state -WarningAction Ignore | Select-Object -First 1
        $stopped.Name | Should -Be $node
        (Get-ClusterNode -PowerState).PowerState | Should -Be 'Stopped', 'Running', 'Running'
        (Get-ChaosRun -StatePath $state).State | Should -Be 'Held'
    }
}

# Windows has no SIGTERM and SIGHUP to send.
Describe 'A signal to a PowerShell that runs an experiment' -Skip:$IsWindows {
    BeforeAll {
        # The sandbox is this process's, so it is still there when the one that ran the experiment is not.
        $script:serving = New-ChaosSandbox contactsapp -Listen -Speed 20

        function Invoke-Run([switch] $Terminal) {
            $script:state = (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))).FullName
            $script:said = Join-Path $state 'said.txt'
            # A progress bar asks the terminal where its cursor is, which nobody answers here.
            $line = "`$PID > '$state/pid'; `$ProgressPreference = 'SilentlyContinue'; Import-Module '$manifest'; `$null = Connect-ChaosCluster -Sandbox $($serving.Uri); " +
                "Invoke-ChaosExperiment '$sample' -Variable @{ pause_after_stop = 3600 } -StatePath '$state' -Confirm:`$false; 'went on'"
            $file = Join-Path $state 'line.ps1'
            Set-Content $file $line
            $command = "exec '$pwsh' -NoProfile -NonInteractive -File '$file'"
            $script:process = if ($Terminal) { Start-Process script -ArgumentList '-qfec', "`"$command`"", $said -PassThru -RedirectStandardOutput "$state/out" }
            else { Start-Process sh -ArgumentList '-c', "`"$command >'$said' 2>&1`"" -PassThru }
            Wait-Said 'Pausing 60 min'
            (Get-ClusterNode $node -PowerState).PowerState | Should -Be 'Stopped'
            $script:child = [int] (Get-Content "$state/pid")
        }

        function Wait-Said([string] $Text, [int] $Seconds = 50) {
            $end = [datetime]::UtcNow.AddSeconds($Seconds)
            while (-not ((Test-Path $said) -and (Get-Content $said -Raw) -like "*$Text*")) {
                if ([datetime]::UtcNow -gt $end) { throw "It did not say '$Text', but: $(Get-Content $said -Raw -ErrorAction Ignore)" }
                Start-Sleep -Milliseconds 50
            }
        }

        function Wait-End {
            $process.WaitForExit(50000) | Should -BeTrue
            $end = [datetime]::UtcNow.AddSeconds(50)
            while ((Get-Process -Id $child -ErrorAction Ignore) -and [datetime]::UtcNow -lt $end) { Start-Sleep -Milliseconds 50 }
        }

        function Assert-Back {
            (Get-ClusterNode $node -PowerState).PowerState | Should -Be 'Running'
            (Get-ClusterNode $node).Ready | Should -BeTrue
            $run = Get-ChaosRun -StatePath $state
            $run.State | Should -Be 'Ended'
            $run.Outcome | Should -Be 'Interrupted'
            (Get-Content $run.JournalPath | ConvertFrom-Json).outcome | Should -Be 'Interrupted'
            if (Test-Path $said) { Get-Content $said -Raw | Should -Not -BeLike '*went on*' }
        }
    }

    AfterAll { $serving | Remove-ChaosSandbox -Confirm:$false }

    It 'puts the node back before the pipeline is stopped: Ctrl+C' {
        Invoke-Run
        kill -s INT $child
        Wait-End
        Get-Content $said -Raw | Should -BeLike '*SIGINT: stopping.*WARNING: The run was interrupted.*The experiment ended: Interrupted.*'
        Assert-Back
    }

    It 'puts the node back before the process dies: <_>' -ForEach 'TERM', 'HUP' {
        Invoke-Run
        kill -s $_ $child
        Wait-End
        $process.ExitCode | Should -Not -Be 0
        Get-Content $said -Raw | Should -BeLike "*SIG${_}: stopping.*The experiment ended: Interrupted.*"
        Assert-Back
    }

    It 'says at the second Ctrl+C what is left and which command finishes it' {
        Invoke-Run
        kill -s INT $child
        Wait-Said 'SIGINT: stopping.'
        kill -s INT $child
        Wait-End
        $id = (Get-ChaosRun -StatePath $state).RunId
        Get-Content $said -Raw | Should -BeLike "*Left to put back: PowerOff $node.*this finishes it: Restore-ChaosRun $id -StatePath '$state'*"
        Assert-Back
    }

    It 'puts the node back when the terminal is closed' {
        # Of a terminal that is closed, what runs in it gets SIGHUP, and can write there no more.
        $terminal = [bool] (Get-Command script -CommandType Application -ErrorAction Ignore)
        Invoke-Run -Terminal:$terminal
        if ($terminal) { kill -s KILL $process.Id } else { kill -s HUP $child }
        Wait-End
        Assert-Back
    }

    It 'leaves what a kill leaves to Restore-ChaosRun: a cancelled job of Azure Pipelines' {
        Invoke-Run
        kill -s INT $child
        Wait-Said 'SIGINT: stopping.'
        kill -s TERM $child
        Wait-Said 'Left to put back'
        kill -s KILL $child
        Wait-End
        $left = Get-ChaosRun -Unfinished -StatePath $state
        $left | Should -HaveCount 1
        ($left | Restore-ChaosRun).Complete | Should -BeTrue
        (Get-ClusterNode $node -PowerState).PowerState | Should -Be 'Running'
    }
}
