@{
    RootModule           = 'ChaosPS.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '5e0d7c7e-7f0e-4f0c-9d0a-0c5a7b1f3c51'
    Author               = 'the ChaosPS authors'
    CompanyName          = 'the ChaosPS authors'
    Copyright            = '(c) 2026 the ChaosPS authors. MIT licence.'
    Description          = 'Chaos engineering for applications on Kubernetes nodes, AKS first: see how pods are spread, stop a node for real, measure the application, undo it always, prove the fix.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    CmdletsToExport      = @(
        'Add-ChaosSandboxFault'
        'Add-PodAntiAffinity'
        'Assert-ChaosRun'
        'Clear-ClusterNode'
        'Connect-ChaosCluster'
        'Disconnect-ChaosCluster'
        'Export-ClusterSnapshot'
        'Export-NodeLossReport'
        'Get-ChaosActivity'
        'Get-ChaosConnection'
        'Get-ChaosRun'
        'Get-ChaosSandbox'
        'Get-ChaosSandboxFault'
        'Get-ClusterNode'
        'Get-ClusterPod'
        'Get-PodDistribution'
        'Get-ResilienceFix'
        'Get-ResilienceRisk'
        'Invoke-ChaosExperiment'
        'Measure-NodeLoss'
        'New-ChaosExperiment'
        'New-ChaosSandbox'
        'Remove-ChaosSandbox'
        'Remove-ChaosSandboxFault'
        'Remove-ClusterPod'
        'Restart-ClusterNode'
        'Restore-ChaosRun'
        'Resume-ClusterNode'
        'Set-WorkloadReplica'
        'Start-ClusterNode'
        'Start-NodeFault'
        'Step-ChaosSandbox'
        'Stop-ClusterNode'
        'Stop-NodeFault'
        'Suspend-ClusterNode'
        'Test-AppHealth'
        'Test-ChaosConnection'
        'Test-ChaosExperiment'
        'Update-Workload'
        'Wait-ClusterNode'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('Chaos', 'ChaosEngineering', 'Kubernetes', 'AKS', 'Azure', 'Resilience', 'ChaosToolkit', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            ReleaseNotes = 'CHANGELOG.md, in the folder of the module, says what is new.'
        }
    }
}
