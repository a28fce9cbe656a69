#Requires -Modules ChaosPS

# What happens to the users of an application when a node goes away, and what has to change so that nothing happens?
# Everything below runs on an emulated AKS cluster in this process, on a clock that jumps over the waiting.
New-ChaosSandbox contactsapp | Connect-ChaosCluster

# Three nodes, and an application of ten pods.
Get-ClusterNode
Get-ClusterPod -Namespace contactsapp

# How are the pods spread? SurvivesNodeLoss says whether one is left, whichever node goes.
$before = Get-PodDistribution -Namespace contactsapp
$before

# The application is well.
Test-AppHealth

# Stop a node, and wait until Kubernetes has noticed.
$node = Get-ClusterNode -Name *000000 | Stop-ClusterNode -PassThru | Wait-ClusterNode -State NotReady
$node
"Kubernetes took {0:0.0} s to register the dead node." -f $node.Elapsed.TotalSeconds

# Both pods of the search service were on it. They still count as Running 1/1, as kubectl would show them.
Test-AppHealth
Get-ClusterPod search-deploy* -Namespace contactsapp

# What is stopped at the prompt stays stopped until it is started. Then the node's pods need some seconds more.
$node | Start-ClusterNode -PassThru | Wait-ClusterNode -State Ready
Step-ChaosSandbox -Duration 10s
Test-AppHealth

# The same as an experiment, in the Chaos Toolkit's format: it checks, stops a node, checks again, and puts everything back.
Test-ChaosExperiment $PSScriptRoot/stop-node.yaml
Invoke-ChaosExperiment $PSScriptRoot/stop-node.yaml -OutVariable unfixed
if ($unfixed.Outcome -ne 'Deviated') { throw "Expected a deviation: the search service is on one node. Outcome: $($unfixed.Outcome)." }

# Which losses would hurt, how long, and whom? A simulation says so from one look at the cluster; nothing is touched.
Measure-NodeLoss -Namespace contactsapp -Summary

# The cheapest change of each workload that ends it, proved before it is made. The database is somebody else's affair.
$fixes = $before | Where-Object Name -NE mssql-deployment | Get-ResilienceFix
$fixes
$fixes | Update-Workload
Get-PodDistribution -Namespace contactsapp

# Does it help? Again, first with the experiment's own pause of 15 seconds between the stop and the look.
Invoke-ChaosExperiment $PSScriptRoot/stop-node.yaml -OutVariable hasty
if ($hasty.Outcome -eq 'Deviated') {
    $stop, $look = $hasty.Activities.Where({ $_.Name -eq 'stop-instance' })[0], $hasty.Activities.Where({ $_.Phase -eq 'After' })[0]
    'It looked {0:0} s after the stop was sent. Kubernetes took {1:0.0} s to notice, and until then sends users to the dead pods:' -f
        ($look.Start - $stop.Start).TotalSeconds, $node.Elapsed.TotalSeconds
    'the pause is too short even for an application that is spread well.'
}

# And with a pause in which Kubernetes can notice.
Invoke-ChaosExperiment $PSScriptRoot/stop-node.yaml -Variable @{ pause_after_stop = 60 } -OutVariable fixed
if ($fixed.Outcome -ne 'Passed') { throw "Expected the fixed application to pass. Outcome: $($fixed.Outcome). $($fixed.Reason)" }
