using System.Management.Automation;

namespace ChaosPS.Binding;

/// <summary>Takes names, and of groups from Group-Object the name. Other objects have no name here: what they are is for their properties to say.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class GroupNameAttribute : ArgumentTransformationAttribute
{
    private const string Group = "Microsoft.PowerShell.Commands.GroupInfo";

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData switch
    {
        PSObject group when group.TypeNames.Contains(Group) => group.Properties["Name"].Value,
        PSObject { BaseObject: PSCustomObject } => throw new ArgumentTransformationMetadataException("An object is no name.", new PSInvalidCastException("An object is no name.")),
        object[] items => Array.ConvertAll(items, item => Transform(engineIntrinsics, item)),
        _ => inputData,
    };
}
