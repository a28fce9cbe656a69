#Requires -Version 7.6

# Signals come to a PowerShell of its own, without or with a terminal, at which this one types. A terminal needs script, of util-linux.
BeforeDiscovery {
    $script:hasTerminal = -not $IsWindows -and (Get-Command script -CommandType Application -ErrorAction Ignore) -and (Get-Command mkfifo -CommandType Application -ErrorAction Ignore)
    if (-not $hasTerminal) { Write-Warning 'script or mkfifo is missing here: nothing is typed at a terminal, and none is closed.' }
}

BeforeAll {
    $script:manifest = (Get-ChildItem "$PSScriptRoot/../../output/ChaosPS/*/ChaosPS.psd1").FullName
    Import-Module $manifest -ErrorAction Stop
    $script:sample = (Resolve-Path "$PSScriptRoot/../../docs/samples/stop-node.yaml").Path
    $script:pwsh = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')
    $script:node = 'aks-nodepool1-36421985-vmss000000'

    function Invoke-Shell([string] $Line, [switch] $Terminal) {
        $script:state = (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))).FullName
        $script:said = Join-Path $state 'said.txt'
        $script:keys = Join-Path $state 'keys'
        $file = Join-Path $state 'line.ps1'
        # A progress bar asks the terminal where its cursor is, which nobody answers here.
        Set-Content $file ("`$PID > '$state/pid'; `$ProgressPreference = 'SilentlyContinue'; Import-Module '$manifest'; " +
            "`$null = Connect-ChaosCluster -Sandbox $($serving.Uri); $Line -StatePath '$state' -Confirm:`$false; 'went on'")
        $command = "exec '$pwsh' -NoProfile -NonInteractive -File '$file'"
        $script:process = if ($Terminal) {
            mkfifo $keys
            Start-Process sh -ArgumentList '-c', "`"exec 3<>'$keys'; exec script -qfec \`"$command\`" '$said' <&3`"" -PassThru -RedirectStandardOutput "$state/out"
        }
        else { Start-Process sh -ArgumentList '-c', "`"$command >'$said' 2>&1`"" -PassThru }
    }

    function Send-CtrlC { [IO.File]::WriteAllText($keys, [string] [char] 3) }

    function Wait-Until([scriptblock] $Condition, [string] $What) {
        $end = [datetime]::UtcNow.AddSeconds(50)
        while (-not (& $Condition)) {
            if ([datetime]::UtcNow -gt $end) { throw "Not after 50 seconds: $What. It said: $(Get-Content $said -Raw -ErrorAction Ignore)" }
            Start-Sleep -Milliseconds 50
        }
    }

    function Wait-Said([string] $Text) { Wait-Until { (Test-Path $said) -and (Get-Content $said -Raw) -like "*$Text*" } "it says '$Text'" }

    function Wait-End {
        $process.WaitForExit(50000) | Should -BeTrue
        Wait-Until { -not (Get-Process -Id $child -ErrorAction Ignore) } 'it has ended'
        if (Test-Path $said) { Get-Content $said -Raw | Should -Not -BeLike '*went on*' }
    }
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

    It 'has its first record after everything is put back, also when its script block fails' {
        $null = New-ChaosSandbox contactsapp
        { Invoke-ChaosExperiment $sample, $sample -StatePath $state -WarningAction Ignore | ForEach-Object { throw 'enough' } } | Should -Throw 'enough'
        (Get-ChaosRun -StatePath $state).Outcome | Should -Be 'Deviated'
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

Describe 'An exception that nobody expected' {
    It 'is a failed activity, and the node is put back' {
        Add-Type -TypeDefinition @'
            using System; using System.Net.Http; using System.Threading; using System.Threading.Tasks;
            public sealed class FailingHandler : DelegatingHandler
            {
                private int _failed;
                public FailingHandler(HttpMessageHandler inner) : base(inner) { }
                protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop) =>
                    request.RequestUri.AbsolutePath.Contains("/operations/") && Interlocked.Exchange(ref _failed, 1) == 0
                        ? throw new NotImplementedException("nobody expected this") : base.SendAsync(request, stop);
            }
'@
        $sandbox = New-ChaosSandbox contactsapp
        $handler = $sandbox.PSObject.BaseObject.GetType().GetField('<Handler>k__BackingField', 'Instance, NonPublic')
        $handler.SetValue($sandbox.PSObject.BaseObject, [FailingHandler]::new($handler.GetValue($sandbox.PSObject.BaseObject)))
        $null = $sandbox | Connect-ChaosCluster
        $run = Invoke-ChaosExperiment $sample -StatePath $TestDrive -WarningAction Ignore
        $run.Outcome | Should -Be 'ActivityFailed'
        (Get-Content $run.JournalPath -Raw) | Should -BeLike '*nobody expected this*'
        (Get-ClusterNode -PowerState).PowerState | Should -Be 'Running', 'Running', 'Running'
    }
}

# Windows has no SIGTERM and SIGHUP to send.
Describe 'A PowerShell that runs an experiment' -Skip:$IsWindows {
    BeforeAll {
        # The sandbox is this process's, so it is still there when the one that ran the experiment is not.
        $script:serving = New-ChaosSandbox contactsapp -Listen -Speed 20

        function Invoke-Run([switch] $Terminal) {
            Invoke-Shell "Invoke-ChaosExperiment '$sample' -Variable @{ pause_after_stop = 3600 }" -Terminal:$Terminal
            Wait-Said 'Pausing 60 min'
            (Get-ClusterNode $node -PowerState).PowerState | Should -Be 'Stopped'
            $script:child = [int] (Get-Content "$state/pid")
        }

        function Assert-Back {
            (Get-ClusterNode $node -PowerState).PowerState | Should -Be 'Running'
            (Get-ClusterNode $node).Ready | Should -BeTrue
            $run = Get-ChaosRun -StatePath $state
            $run.State | Should -Be 'Ended'
            $run.Outcome | Should -Be 'Interrupted'
            (Get-Content $run.JournalPath | ConvertFrom-Json).outcome | Should -Be 'Interrupted'
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

    # Without a pseudo-terminal nobody can type at a console; the file has warned of that.
    It 'puts the node back when Ctrl+C is typed, and says at the second what is left' -Skip:(-not $hasTerminal) {
        Invoke-Run -Terminal
        Send-CtrlC
        Wait-Said 'SIGINT: stopping.'
        Send-CtrlC
        Wait-End
        $id = (Get-ChaosRun -StatePath $state).RunId
        Get-Content $said -Raw | Should -BeLike "*Left to put back: PowerOff $node.*this finishes it: Restore-ChaosRun $id -StatePath '$state'*The experiment ended: Interrupted.*"
        Assert-Back
    }

    # Without a pseudo-terminal nobody can type at a console; the file has warned of that.
    It 'puts the node back when the terminal is closed' -Skip:(-not $hasTerminal) {
        # What runs in it gets SIGHUP, and can write there no more.
        Invoke-Run -Terminal
        kill -s KILL $process.Id
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

# Windows has no SIGTERM and SIGHUP to send.
Describe 'A PowerShell that stops nodes at the prompt' -Skip:$IsWindows {
    BeforeEach {
        # Azure takes three minutes of this clock, so the cmdlet waits when it is interrupted.
        $script:serving = New-ChaosSandbox contactsapp -Listen -Speed 20 -SimulationOption @{ PowerOff = '1h' }
        $script:both = $node, 'aks-nodepool1-36421985-vmss000009'

        function Invoke-Stop([switch] $Terminal) {
            Invoke-Shell "Stop-ClusterNode $($both -join ', ') -MaxNodesDown 2" -Terminal:$Terminal
            Wait-Until { @(Get-ChildItem $state -Recurse -Filter recovery.jsonl | Select-String '"Accepted"').Count -eq 2 } 'Azure has accepted both'
            $script:child = [int] (Get-Content "$state/pid")
        }

        # The stops are the user's: they go on, and whoever knows of the run can end it.
        function Assert-Held {
            (Get-ClusterNode $both -PowerState).PowerState | Should -Be 'Stopping', 'Stopping'
            $run = Get-ChaosRun -StatePath $state
            $run.State | Should -Be 'Held'
            $run.Remaining | Should -Be 2
            $null = Step-ChaosSandbox 1h
            (Restore-ChaosRun $run.RunId -StatePath $state -WarningAction Ignore -Confirm:$false).Complete | Should -BeTrue
            (Get-ClusterNode $both -PowerState).PowerState | Should -Be 'Running', 'Running'
        }
    }

    AfterEach { $serving | Remove-ChaosSandbox -Confirm:$false }

    # Without a pseudo-terminal nobody can type at a console; the file has warned of that.
    It 'ends the waiting when Ctrl+C is typed, and says of each node what starts it' -Skip:(-not $hasTerminal) {
        Invoke-Stop -Terminal
        Send-CtrlC
        Wait-End
        foreach ($name in $both) { Get-Content $said -Raw | Should -BeLike "*Azure goes on stopping $name, and nothing starts it again by itself. This does: Start-ClusterNode $name*" }
        Assert-Held
    }

    It 'ends the waiting: Ctrl+C' {
        Invoke-Stop
        kill -s INT $child
        Wait-End
        foreach ($name in $both) { Get-Content $said -Raw | Should -BeLike "*This does: Start-ClusterNode $name*" }
        Assert-Held
    }

    It 'dies and leaves a run that is held: <_>' -ForEach 'TERM', 'HUP' {
        Invoke-Stop
        kill -s $_ $child
        Wait-End
        $process.ExitCode | Should -Not -Be 0
        Assert-Held
    }

    # Without a pseudo-terminal nobody can type at a console; the file has warned of that.
    It 'dies and leaves a run that is held when the terminal is closed' -Skip:(-not $hasTerminal) {
        Invoke-Stop -Terminal
        kill -s KILL $process.Id
        Wait-End
        Assert-Held
    }
}
