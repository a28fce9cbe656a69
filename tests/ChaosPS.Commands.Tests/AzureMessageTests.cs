using System.Management.Automation;
using ChaosPS.Commands.Tests.Hosting;

namespace ChaosPS.Commands.Tests;

/// <summary>Whatever a cmdlet says of Azure names subscription, tenant and cloud.</summary>
public sealed class AzureMessageTests : IDisposable
{
    private const string Subscription = "6e0a63cf-54c1-4d4f-9c0b-3f6d2a8b7c10";
    private const string Place = ", tenant 2f8d1b7e-93a4-4b52-8f6d-0c5e7a9b4d31, Sandbox";

    /// <summary>What is said of nodes and pods, which are in Kubernetes.</summary>
    private static readonly string[] s_ofKubernetes = ["has the last ready replica", "is Ready", "Waiting for", "of the nodes are down", "pods", "Reading", "Prediction, ", "  contactsapp/", "  http://", "  all other paths "];

    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = Engine.WithSandbox();

    public AzureMessageTests() => _engine.Invoke($"foreach ($cmdlet in '*-ClusterNode', '*-NodeFault', 'Get-ChaosRun') {{ $PSDefaultParameterValues[\"${{cmdlet}}:StatePath\"] = '{_folder.FullName}' }} $PSDefaultParameterValues['*-*Node*:Verbose'] = $true");

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Stop-ClusterNode *000000")]
    [InlineData("Stop-ClusterNode *000000 -WhatIf")]
    [InlineData("Stop-ClusterNode *000000 -Deallocate -NoWait")]
    [InlineData("Stop-ClusterNode *000000; Stop-ClusterNode *000000")]
    [InlineData("Stop-ClusterNode *000000; Start-ClusterNode *000000")]
    [InlineData("Stop-ClusterNode *000000; Get-ChaosRun | Restore-ChaosRun -Verbose | ForEach-Object { $_.Steps[0] }")]
    [InlineData("Start-ClusterNode *000000")]
    [InlineData("Restart-ClusterNode *000000")]
    [InlineData("Start-NodeFault *000000 Cpu -Duration 1m | Stop-NodeFault | Out-Null")]
    [InlineData("Start-NodeFault *000000 Cpu -Duration 1m -WhatIf")]
    [InlineData("Start-NodeFault *000000 Disk -Percent 10 -Duration 1m")]
    [InlineData("Stop-ClusterNode *000000; Start-NodeFault *000000 Cpu -Duration 1m")]
    [InlineData("Start-NodeFault *000000 Cpu -Duration 1m | Out-Null; Get-ChaosRun | Restore-ChaosRun -Verbose | ForEach-Object { $_.Steps[0] }")]
    [InlineData("Test-ChaosConnection | Where-Object Check -NotMatch '^(Server|Version|Clock|User|Rights: .*)$' | ForEach-Object { \"$_\" }")]
    public void What_a_cmdlet_says_of_azure_names_subscription_tenant_and_cloud(string line) => Check(line);

    [Theory]
    [InlineData("AllocationFailed")]
    [InlineData("AnotherOperationInProgress")]
    [InlineData("AuthorizationFailed")]
    [InlineData("DenyAssignmentAuthorizationFailed")]
    [InlineData("ExpiredAuthenticationToken")]
    [InlineData("InternalServerError")]
    [InlineData("OperationNotAllowed")]
    [InlineData("OverconstrainedAllocationRequest")]
    [InlineData("OverconstrainedZonalAllocationRequest")]
    [InlineData("QuotaExceeded")]
    [InlineData("RequestDisallowedByPolicy")]
    [InlineData("ScopeLocked")]
    [InlineData("SkuNotAvailable")]
    [InlineData("SubscriptionRequestsThrottled")]
    [InlineData("TooManyRequests")]
    [InlineData("ZonalAllocationFailed")]
    public void What_azure_refuses_with_names_them_too(string code)
    {
        _engine.Invoke($"Add-ChaosSandboxFault Refusal -Code {code} -Count 5 | Out-Null");
        Check("Stop-ClusterNode *000000");
    }

    [Theory]
    [InlineData("FailedOperation")]
    [InlineData("LostOperation")]
    [InlineData("Throttling -Target Azure -Count 20")]
    [InlineData("CanceledOperation")]
    [InlineData("AzureAway -Duration 1h")]
    public void What_goes_wrong_in_azure_names_them_too(string fault)
    {
        var added = _engine.Run($"Add-ChaosSandboxFault {fault} | Out-Null");
        Assert.Empty(added.Errors);
        Check("Stop-ClusterNode *000000");
    }

    private void Check(string line)
    {
        var before = _engine.Host.Text.Length;
        string[] said = [.. _engine.Run($"& {{ {line} }} *>&1").Output.Select(static record => record.BaseObject switch
        {
            ErrorRecord error => error.Exception.Message,
            InformationRecord information => $"{information}",
            var other => $"{other}",
        })];
        string[] all = [.. said.Concat(_engine.Host.Text[before..].Split('\n')).Where(static text => text.Trim().Length > 0)];
        string[] ofAzure = [.. all.Where(static text => !s_ofKubernetes.Any(known => text.Contains(known, StringComparison.Ordinal)))];

        Assert.NotEmpty(ofAzure);
        Assert.All(ofAzure, static text =>
        {
            Assert.Contains(Subscription, text, StringComparison.Ordinal);
            Assert.Contains(Place, text, StringComparison.Ordinal);
        });
    }
}
